using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Chaos.Gateway.Tests.Support;

/// <summary>A client that does what a test says and nothing else, except that it answers pings unless told not to.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonObject> _messages = Channel.CreateUnbounded<JsonObject>();
    private readonly List<JsonObject> _skipped = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private int _id;

    public bool AnswersPings { get; init; } = true;

    public int Pings { get; private set; }

    /// <summary>Close code and reason, once the server has closed; 1006 when the connection was lost.</summary>
    public (int Code, string Reason)? Closed { get; private set; }

    public JsonObject? ConnectReply { get; private set; }

    public static async Task<WireClient> OpenAsync(Uri gateway, string? origin = null, bool answersPings = true)
    {
        var client = new WireClient { AnswersPings = answersPings };
        if (origin is not null) client._socket.Options.SetRequestHeader("Origin", origin);
        using var limit = new CancellationTokenSource(Limit);
        await client._socket.ConnectAsync(new UriBuilder(gateway) { Scheme = "ws", Path = "/connection/websocket" }.Uri, limit.Token);
        client._reading = client.ReadAsync();
        return client;
    }

    /// <summary>Opens and authenticates.</summary>
    public static async Task<WireClient> ConnectAsync(Uri gateway, string user = "ann", string tenant = "acme", string? token = null, JsonObject? data = null, bool answersPings = true)
    {
        var client = await OpenAsync(gateway, answersPings: answersPings);
        var connect = new JsonObject { ["token"] = token ?? Tokens.Connect(user, tenant) };
        if (data is not null) connect["data"] = data;
        client.ConnectReply = (await client.CallAsync("connect", connect))["connect"]!.AsObject();
        return client;
    }

    public async Task SendRawAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text, bool end = true)
    {
        using var limit = new CancellationTokenSource(Limit);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, end, limit.Token);
    }

    public async Task SendRawAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        await _socket.SendAsync(bytes, WebSocketMessageType.Text, true, limit.Token);
    }

    public async Task<int> SendAsync(string method, JsonObject body)
    {
        var id = Interlocked.Increment(ref _id);
        await SendRawAsync(Message(id, method, body));
        return id;
    }

    public static string Message(int id, string method, JsonObject body) => new JsonObject { ["id"] = id, [method] = body.DeepClone() }.ToJsonString();

    /// <summary>Sends a command and waits for its reply.</summary>
    public async Task<JsonObject> CallAsync(string method, JsonObject body)
    {
        var id = await SendAsync(method, body);
        return await ReplyAsync(id);
    }

    public Task<JsonObject> ReplyAsync(int id) => NextAsync(m => (int?)m["id"] == id, $"the reply to {id}");

    public Task<JsonObject> SubscribeAsync(string channel, string? token = null) =>
        CallAsync("subscribe", token is null ? new JsonObject { ["channel"] = channel } : new JsonObject { ["channel"] = channel, ["token"] = token });

    public Task<JsonObject> RecoverAsync(string channel, string epoch, long offset) =>
        CallAsync("subscribe", new JsonObject { ["channel"] = channel, ["recover"] = true, ["epoch"] = epoch, ["offset"] = offset });

    public Task<JsonObject> PublishAsync(string channel, JsonObject data) => CallAsync("publish", new JsonObject { ["channel"] = channel, ["data"] = data.DeepClone() });

    /// <summary>The next publication of a channel.</summary>
    public async Task<(long Offset, JsonObject Data)> PublicationAsync(string channel)
    {
        var message = await NextAsync(m => m["push"]?["pub"] is not null && (string?)m["push"]!["channel"] == channel, $"a publication on {channel}");
        var pub = message["push"]!["pub"]!;
        return ((long)pub["offset"]!, pub["data"]!.AsObject());
    }

    /// <summary>The next message that fits; those before it stay for later.</summary>
    public async Task<JsonObject> NextAsync(Predicate<JsonObject> fits, string what)
    {
        var kept = _skipped.FindIndex(fits);
        if (kept >= 0)
        {
            var found = _skipped[kept];
            _skipped.RemoveAt(kept);
            return found;
        }
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (true)
            {
                var message = await _messages.Reader.ReadAsync(limit.Token);
                if (fits(message)) return message;
                _skipped.Add(message);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"{what} did not come; closed: {Closed}; other messages: {string.Join(' ', _skipped.TakeLast(5).Select(m => m.ToJsonString()))}", e);
        }
    }

    /// <summary>Everything that has come and was not asked for.</summary>
    public IReadOnlyList<JsonObject> Rest()
    {
        while (_messages.Reader.TryRead(out var message)) _skipped.Add(message);
        return _skipped;
    }

    public async Task<int> CloseCodeAsync(TimeSpan? limit = null)
    {
        await _reading.WaitAsync(limit ?? Limit);
        return Closed!.Value.Code;
    }

    /// <summary>Drops the connection without a word.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[65_536];
        using var frame = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    Closed = ((int)_socket.CloseStatus!, _socket.CloseStatusDescription ?? "");
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _stop.Token);
                    return;
                }
                frame.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                foreach (var line in Encoding.UTF8.GetString(frame.ToArray()).Split('\n')) await TakeAsync(line);
                frame.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            Closed ??= (1006, e.Message);
        }
        finally
        {
            _messages.Writer.TryComplete();
        }
    }

    private async Task TakeAsync(string line)
    {
        var message = JsonNode.Parse(line)!.AsObject();
        if (message.Count > 0)
        {
            _messages.Writer.TryWrite(message);
            return;
        }
        Pings++;
        if (AnswersPings) await SendRawAsync("{}");
    }
}
