using System.Net;
using System.Net.Sockets;

namespace Chaos.Gateway.Stores;

/// <summary>Ports for stores that cannot say which one they were given.</summary>
public static class LoopbackPort
{
    /// <summary>A port of 127.0.0.1 that was free a moment ago. Somebody else can take it before it is bound: be ready to ask for another.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
