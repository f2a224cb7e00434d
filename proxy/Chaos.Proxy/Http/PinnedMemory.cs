using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Proxy.Http;

/// <summary>
/// Gives accepted sockets the pinned memory pool that Kestrel gives its own. <see cref="SocketConnectionFactoryOptions"/> made by hand falls
/// back to a pool of plain arrays, which costs about a tenth of the processor time of large messages; its setter is internal
/// (ASP.NET Core 10), hence the accessor.
/// </summary>
internal sealed class PinnedMemory : IAsyncDisposable
{
    private readonly WebApplication _host;

    public PinnedMemory()
    {
        // Only its services are used: the host is never started.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        _host = builder.Build();
        Options = new SocketConnectionFactoryOptions();
        IsPinned = TryUse(Options, _host.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }

    /// <summary>Options for accepted sockets.</summary>
    public SocketConnectionFactoryOptions Options { get; }

    /// <summary>False where this version of the framework has no such setter: everything works then, large messages a little slower.</summary>
    public bool IsPinned { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static bool TryUse(SocketConnectionFactoryOptions options, IMemoryPoolFactory<byte> pool)
    {
        try
        {
            SetMemoryPoolFactory(options, pool);
            return true;
        }
        catch (MissingMethodException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_MemoryPoolFactory")]
    private static extern void SetMemoryPoolFactory(SocketConnectionFactoryOptions options, IMemoryPoolFactory<byte> factory);
}
