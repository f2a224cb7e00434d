using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Proxy.Http;

/// <summary>
/// Gives accepted sockets the pinned memory pool that Kestrel gives its own. <see cref="SocketConnectionFactoryOptions"/> made by hand falls
/// back to a pool of plain arrays, which costs about a tenth of the processor time of large messages; its setter is internal
/// (ASP.NET Core 10), hence the accessor.
/// </summary>
internal static class PinnedMemory
{
    /// <summary>Sets the pool.</summary>
    /// <param name="services">Those of a server.</param>
    /// <returns>False where this version of the framework has no such setter: everything works then, large messages a little slower.</returns>
    public static bool TryUse(SocketConnectionFactoryOptions options, IServiceProvider services)
    {
        try
        {
            SetMemoryPoolFactory(options, services.GetRequiredService<IMemoryPoolFactory<byte>>());
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
