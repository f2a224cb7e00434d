using System.Net.Security;
using System.Net.Sockets;
using Chaos.Proxy.Tcp;

namespace Chaos.Proxy.Tls;

internal static class TlsEnd
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Ends the proxy's side in order: over TLS with a close_notify, then with FIN. The other direction stays open.</summary>
    public static async Task EndAsync(this Socket socket, Stream stream)
    {
        if (stream is SslStream tls) await tls.NotifyAsync().ConfigureAwait(false);
        socket.End();
    }

    /// <summary>Says that nothing follows (close_notify).</summary>
    public static async Task NotifyAsync(this SslStream tls)
    {
        try
        {
            await tls.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
        {
            // It is gone, or has ended already: it needs no end.
        }
    }

    /// <summary>Ends in order, and closes; over TLS the peer gets a moment to take the end in.</summary>
    public static async Task CloseAsync(this Socket socket, Stream stream)
    {
        if (stream is SslStream) await Task.WhenAny(socket.EndAsync(stream), Task.Delay(EndTimeout)).ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
    }
}
