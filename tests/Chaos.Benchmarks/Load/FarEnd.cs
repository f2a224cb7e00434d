using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Chaos.Benchmarks.Servers;

namespace Chaos.Benchmarks.Load;

/// <summary>The other end of connections, in this process, so that one clock times a message from end to end. It says nothing by itself.</summary>
internal sealed class FarEnd : IAsyncDisposable
{
    // RFC 6455, 1.3: the accept value of the key that Opening sends.
    private static readonly byte[] Upgraded = Encoding.ASCII.GetBytes(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Socket> _ready = Channel.CreateUnbounded<Socket>();
    private readonly Protocol _protocol;
    private readonly SocketLoops _loops;

    public FarEnd(Protocol protocol)
    {
        _protocol = protocol;
        _loops = new SocketLoops(ServeAsync);
    }

    public IPEndPoint Address => _loops.Address;

    /// <summary>The next connections, as they get ready.</summary>
    public async Task<Socket[]> TakeAsync(int count)
    {
        var sockets = new Socket[count];
        for (var i = 0; i < count; i++) sockets[i] = await _ready.Reader.ReadAsync();
        return sockets;
    }

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _loops.DisposeAsync();
    }

    private async Task ServeAsync(Socket socket)
    {
        var head = new byte[4096];
        var count = 0;
        if (_protocol == Protocol.Tcp) await Opening.ReceiveAsync(socket, head.AsMemory(0, 1));
        else
        {
            // The client sends nothing more before it is answered.
            while (!head.AsSpan(0, count).EndsWith("\r\n\r\n"u8)) count += await Opening.ReceiveAsync(socket, head.AsMemory(count));
            await SocketLoops.SendAllAsync(socket, Upgraded);
        }

        await _ready.Writer.WriteAsync(socket);
        await _over.Task;
    }
}
