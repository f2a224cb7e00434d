using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Chaos.Proxy.Tests.Tls;

/// <summary>Sends back what it gets over TLS, then "bye" once the client has ended; remembers how each connection ended.</summary>
internal sealed class TlsEchoServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly X509Certificate2 _certificate;

    private readonly bool _silent;
    private long _received;

    /// <param name="silent">It sends nothing back.</param>
    public TlsEchoServer(X509Certificate2 certificate, bool silent = false)
    {
        (_certificate, _silent) = (certificate, silent);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Address = _listener.LocalEndPoint!.ToString()!;
        _ = AcceptAsync();
    }

    public string Address { get; }

    public ConcurrentBag<Socket> Connections { get; } = [];

    /// <summary>Bytes that came, all connections together.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Names that clients asked for.</summary>
    public ConcurrentQueue<string> Names { get; } = new();

    /// <summary>"close_notify" (then FIN), "fin" (without), "rst" or "refused" (no handshake) for each connection.</summary>
    public ConcurrentQueue<string> Endings { get; } = new();

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var connection in Connections)
            connection.Dispose();
        return default;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = EchoAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        socket.NoDelay = true;
        Connections.Add(socket);
        var tap = new RecordTap(socket);
        var tls = new SslStream(tap);
        try
        {
            // TLS 1.2, whose records tell an alert from data.
            await tls.AuthenticateAsServerAsync(new ServerOptionsSelectionCallback((_, hello, _, _) =>
            {
                Names.Enqueue(hello.ServerName);
                return new(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = SslProtocols.Tls12 });
            }), null, CancellationToken.None);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or ObjectDisposedException)
        {
            Endings.Enqueue("refused");
            socket.Dispose();
            return;
        }
        var buffer = new byte[64 * 1024];
        try
        {
            for (int n; (n = await tls.ReadAsync(buffer)) > 0;)
            {
                Interlocked.Add(ref _received, n);
                if (!_silent) await tls.WriteAsync(buffer.AsMemory(0, n));
            }
            Endings.Enqueue(tap.Last == RecordTap.Alert ? "close_notify" : "fin");
            await tls.WriteAsync("bye"u8.ToArray());
            await tls.ShutdownAsync();
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            Endings.Enqueue("rst");
        }
    }
}
