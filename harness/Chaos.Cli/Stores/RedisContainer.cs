using System.Net;
using Chaos.Cli.Hosting;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace Chaos.Cli.Stores;

/// <summary>A <c>redis-server</c> in a container, on whichever engine DOCKER_HOST names.</summary>
internal sealed class RedisContainer : IServerPart
{
    private const int Port = 6379;

    private readonly IContainer _container;

    private bool _paused;

    private RedisContainer(IContainer container) => _container = container;

    /// <summary>The engine may give it another port when it starts again.</summary>
    public IPEndPoint Address => new(IPAddress.TryParse(_container.Hostname, out var ip) ? ip : IPAddress.Loopback, _container.GetMappedPublicPort(Port));

    /// <summary>Starts one.</summary>
    /// <param name="image">An image with <c>redis-server</c> on its PATH, such as <c>redis:7</c>.</param>
    /// <exception cref="UsageException">There is no container engine, or no such image, or it does not start.</exception>
    public static async Task<RedisContainer> StartAsync(string image, CancellationToken cancel)
    {
        IContainer? container = null;
        try
        {
            container = new ContainerBuilder(image).WithCommand(["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--dir", "/tmp", .. RedisOptions.Durable])
                .WithPortBinding(Port, assignRandomHostPort: true).WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Ready to accept connections"))
                // Stopping is how an engine ends a container that can be started again; this makes it a kill.
                .WithCreateParameterModifier(p => p.StopSignal = "SIGKILL").Build();
            await container.StartAsync(cancel).ConfigureAwait(false);
            return new RedisContainer(container);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The engine's client has an exception of its own for each of the many ways in which there can be no container.
            if (container is not null) await container.DisposeAsync().ConfigureAwait(false);
            throw new UsageException($"no container of {image}: {e.Message.ReplaceLineEndings(" ")}. DOCKER_HOST must name a running engine (podman system service, or Docker) that has the image.");
        }
    }

    public async Task PauseAsync()
    {
        await _container.PauseAsync().ConfigureAwait(false);
        _paused = true;
    }

    public async Task ResumeAsync()
    {
        if (!_paused) return;
        await _container.UnpauseAsync().ConfigureAwait(false);
        _paused = false;
    }

    /// <summary>Always at once: an engine has one signal for a container.</summary>
    public Task EndAsync(bool atOnce) => atOnce ? _container.StopAsync() : throw new NotSupportedException("a container is killed; leave signal out");

    public Task StartAgainAsync() => _container.StartAsync();

    public async ValueTask DisposeAsync()
    {
        // Not every engine removes what stands still.
        await ResumeAsync().ConfigureAwait(false);
        await _container.DisposeAsync().ConfigureAwait(false);
    }
}
