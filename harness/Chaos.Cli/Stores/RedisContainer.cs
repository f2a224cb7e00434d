using System.Net;
using Chaos.Cli.Hosting;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace Chaos.Cli.Stores;

/// <summary>A <c>redis-server</c> in a container, on whichever engine DOCKER_HOST names.</summary>
internal sealed class RedisContainer : IStorePart
{
    private const int Port = 6379;

    private readonly IContainer _container;

    private RedisContainer(IContainer container, IPEndPoint address) => (_container, Address) = (container, address);

    public IPEndPoint Address { get; }

    /// <summary>Starts one.</summary>
    /// <param name="image">An image with <c>redis-server</c> on its PATH, such as <c>redis:7</c>.</param>
    /// <exception cref="UsageException">There is no container engine, or no such image, or it does not start.</exception>
    public static async Task<RedisContainer> StartAsync(string image, CancellationToken cancel)
    {
        IContainer? container = null;
        try
        {
            container = new ContainerBuilder(image).WithCommand("redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--appendonly", "no")
                .WithPortBinding(Port, assignRandomHostPort: true).WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Ready to accept connections")).Build();
            await container.StartAsync(cancel).ConfigureAwait(false);
            var host = IPAddress.TryParse(container.Hostname, out var ip) ? ip : IPAddress.Loopback;
            return new RedisContainer(container, new IPEndPoint(host, container.GetMappedPublicPort(Port)));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The engine's client has an exception of its own for each of the many ways in which there can be no container.
            if (container is not null) await container.DisposeAsync().ConfigureAwait(false);
            throw new UsageException($"no container of {image}: {e.Message.ReplaceLineEndings(" ")}. DOCKER_HOST must name a running engine (podman system service, or Docker) that has the image.");
        }
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
