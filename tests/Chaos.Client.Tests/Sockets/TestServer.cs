using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Chaos.Client.Tests.Sockets;

/// <summary>A WebSocket server on bare sockets, so that a test can break any part of it. Each connection is served by the function given.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Peer, Task> _serve;
    private readonly List<Task> _serving = [];
    private readonly Task _accepting;
    private int _accepted;

    public TestServer(Func<Peer, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/connection/websocket");

    public int Accepted => Volatile.Read(ref _accepted);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), Interlocked.Increment(ref _accepted)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient tcp, int ordinal)
    {
        await Task.Yield();
        using (tcp)
        {
            try
            {
                tcp.NoDelay = true;
                await _serve(new Peer(tcp, ordinal, await ReadHeadAsync(tcp.GetStream()), _stop.Token));
            }
            catch (Exception e) when (e is IOException or WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A client that went away is what many tests are about; they look at what the client saw.
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                throw new IOException("the client left");
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}

/// <summary>One client as the server sees it.</summary>
internal sealed class Peer(TcpClient tcp, int ordinal, string head, CancellationToken stop)
{
    private readonly Queue<JsonObject> _commands = new();
    private WebSocket? _socket;

    public TcpClient Tcp => tcp;
    public int Ordinal => ordinal;
    public string Head => head;
    public CancellationToken Stop => stop;
    public WebSocket Socket => _socket ?? throw new InvalidOperationException("not upgraded yet");

    public ValueTask WriteAsync(string text) => tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), stop);

    public ValueTask RefuseAsync(int status) => WriteAsync($"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    public async Task UpgradeAsync()
    {
        var key = head.Split("\r\n").Single(l => l.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
#pragma warning disable CA5350 // RFC 6455 names SHA-1.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await WriteAsync($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        _socket = WebSocket.CreateFromStream(tcp.GetStream(), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
    }

    /// <summary>Upgrades and accepts the connect command.</summary>
    public async Task<JsonObject> AcceptAsync(double ping = 0, string data = "{}")
    {
        await UpgradeAsync();
        var connect = await CommandAsync("connect");
        await SendAsync($$$"""{"id":{{{connect["id"]}}},"connect":{"client":"k{{{ordinal}}}","session":"s{{{ordinal}}}","ping":{{{ping.ToString(System.Globalization.CultureInfo.InvariantCulture)}}},"pong":true,"data":{{{data}}}}}""");
        return connect;
    }

    public Task SendAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, stop);

    /// <summary>The next command, which must be of this method.</summary>
    public async Task<JsonObject> CommandAsync(string method)
    {
        var command = await NextAsync();
        Assert.True(command.ContainsKey(method), $"expected {method}, got {command.ToJsonString()}");
        return command;
    }

    /// <summary>The next command or pong.</summary>
    public async Task<JsonObject> NextAsync()
    {
        while (_commands.Count == 0)
        {
            var buffer = new byte[64 * 1024];
            var filled = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await Socket.ReceiveAsync(buffer.AsMemory(filled), stop);
                if (received.MessageType == WebSocketMessageType.Close)
                    throw new IOException("the client closed");
                filled += received.Count;
            }
            while (!received.EndOfMessage);
            foreach (var line in Encoding.UTF8.GetString(buffer, 0, filled).Split('\n'))
                _commands.Enqueue(JsonNode.Parse(line)!.AsObject());
        }

        return _commands.Dequeue();
    }

    /// <summary>Keeps the connection until the client ends it.</summary>
    public async Task HoldAsync()
    {
        while (true)
            await NextAsync();
    }

    public void Reset()
    {
        tcp.LingerState = new LingerOption(true, 0);
        tcp.Close();
    }
}
