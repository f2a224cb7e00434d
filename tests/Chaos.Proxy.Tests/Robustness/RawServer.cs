using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>
/// A server that does nothing by itself: it hands out the sockets it accepts, for WebSocket after the handshake, which it does by hand.
/// So a test sees every byte and every end as it comes.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    // RFC 6455, 1.3: what belongs to the key that RawClient sends.
    private const string Answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>();
    private readonly List<Socket> _all = [];
    private readonly bool _shakesHands;
    private readonly Task _accepting;

    /// <param name="shakesHands">Answer WebSocket handshakes.</param>
    /// <param name="bufferBytes">Size of the sockets' buffers; 0 for the system's.</param>
    public RawServer(bool shakesHands, int bufferBytes = 0)
    {
        _shakesHands = shakesHands;
        if (bufferBytes > 0) (_listener.SendBufferSize, _listener.ReceiveBufferSize) = (bufferBytes, bufferBytes);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(2048);
        Address = _listener.LocalEndPoint!.ToString()!;
        _accepting = AcceptAllAsync();
    }

    public string Address { get; }

    /// <summary>The next connection.</summary>
    public async Task<Socket> AcceptAsync()
    {
        using var patience = new CancellationTokenSource(Bench.Patience);
        return await _accepted.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        lock (_all) _all.ForEach(socket => socket.Dispose());
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        lock (_all) _all.Add(socket);
        socket.NoDelay = true;
        try
        {
            if (_shakesHands)
            {
                await RawClient.ReadHeadAsync(socket);
                await socket.SendAllAsync(Encoding.ASCII.GetBytes(Answer));
            }
            await _accepted.Writer.WriteAsync(socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // It was gone before it said what it wants.
        }
    }
}
