using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Chaos.Proxy.Tests.Support;

/// <summary>A TCP server that sends back what it gets, and remembers how each connection ended.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public EchoServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // Thousands may be dialled before the first of them is accepted; where the queue is full the kernel drops them silently.
        _listener.Listen(4096);
        Address = _listener.LocalEndPoint!.ToString()!;
        _ = AcceptAsync();
    }

    public string Address { get; }

    public ConcurrentBag<Socket> Connections { get; } = [];

    /// <summary>"fin" or "rst" for each connection that ended.</summary>
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
        var buffer = new byte[64 * 1024];
        try
        {
            for (int n; (n = await socket.ReceiveAsync(buffer)) > 0;)
                await socket.SendAsync(buffer.AsMemory(0, n));
            Endings.Enqueue("fin");
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Endings.Enqueue("rst");
        }
    }
}
