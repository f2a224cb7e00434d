using System.Net.Sockets;
using Chaos.Proxy.Tcp;
using Microsoft.AspNetCore.Connections;

namespace Chaos.Proxy.WebSockets;

/// <summary>The client's side of a connection to a WebSocket proxy: a feature of the server's connection.</summary>
internal sealed class ClientLeg(WebSocketProxy proxy, Socket socket, ConnectionContext connection)
{
    public WebSocketProxy Proxy { get; } = proxy;

    /// <summary>Closes it with RST.</summary>
    public void Reset()
    {
        socket.Reset();
        connection.Abort(new ConnectionAbortedException("Reset by the proxy."));
    }

    /// <summary>Ends the proxy's side with FIN.</summary>
    public void End() => socket.End();
}
