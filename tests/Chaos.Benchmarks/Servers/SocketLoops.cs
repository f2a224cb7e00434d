using System.Net;
using System.Net.Sockets;

namespace Chaos.Benchmarks.Servers;

/// <summary>Accepts connections and serves each in a task of its own.</summary>
internal sealed class SocketLoops : IBenchmarkServer
{
    private const int Backlog = 4096;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Socket, Task> _serve;
    private readonly Task _accepting;

    public SocketLoops(Func<Socket, Task> serve)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Backlog);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Sends all of it.</summary>
    public static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty) data = data[await socket.SendAsync(data)..];
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed: the benchmark is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
            try
            {
                socket.NoDelay = true;
                await _serve(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // A reset is one of the ways in which connections of a benchmark end.
            }
    }
}
