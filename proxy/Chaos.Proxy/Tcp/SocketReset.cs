using System.Net.Sockets;

namespace Chaos.Proxy.Tcp;

internal static class SocketReset
{
    /// <summary>Closes a socket with RST: linger 0 before any shutdown, which would make it a FIN.</summary>
    public static void Reset(this Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already: there is nobody to tell.
        }
        socket.Close(0);
    }

    /// <summary>Sends FIN; the other direction stays open.</summary>
    public static void End(this Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already: it needs no end.
        }
    }

    /// <summary>The peer reset the connection.</summary>
    public static bool IsReset(Exception? failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.ConnectionReset } or Microsoft.AspNetCore.Connections.ConnectionResetException) return true;
        }
        return false;
    }
}
