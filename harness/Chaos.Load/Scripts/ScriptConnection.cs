using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Chaos.Load.Scripts;

/// <summary>A raw WebSocket whose incoming frames are split into messages and queued until a step asks for them.</summary>
/// <param name="time">Clock of deadlines.</param>
internal sealed class ScriptConnection(TimeProvider time) : IAsyncDisposable
{
    private const int NoCloseFrame = 1006;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<ScriptArrival> _arrivals = Channel.CreateUnbounded<ScriptArrival>();
    private readonly CancellationTokenSource _disposed = new();
    private Task? _receiving;

    /// <summary>Set when a step has read to the end of the connection: its close code, 1006 without a close frame.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>HTTP status of the handshake; 0 when there was no answer.</summary>
    public int Status { get; private set; }

    /// <summary>Null, or why there is no connection.</summary>
    public async Task<string?> ConnectAsync(Uri url, ScriptHandshake handshake, CancellationToken cancel)
    {
        // Pings of the WebSocket layer would be traffic that no script asked for.
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        _socket.Options.CollectHttpResponseDetails = true;
        if (handshake.Origin is not null) _socket.Options.SetRequestHeader("Origin", handshake.Origin);
        using var deadline = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            await _socket.ConnectAsync(url, either.Token).ConfigureAwait(false);
            Status = (int)_socket.HttpStatusCode;
            if (handshake.Reading) Read();
            return null;
        }
        catch (WebSocketException e)
        {
            Status = (int)_socket.HttpStatusCode;
            return $"no connection: {e.Message}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"no connection within {ConnectTimeout.TotalSeconds} s";
        }
    }

    /// <summary>Sends one text frame. False when the connection is over.</summary>
    public Task<bool> SendAsync(string frame, CancellationToken cancel) => SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, cancel);

    /// <summary>Sends one frame as it is. False when the connection is over.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> frame, WebSocketMessageType type, bool last, CancellationToken cancel)
    {
        try
        {
            await _socket.SendAsync(frame, type, last, cancel).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Takes what has come and comes until one message is wanted, answers pings, and keeps what it took in <paramref name="received"/>.</summary>
    /// <returns>The message; null at the deadline or when the connection is over.</returns>
    public async Task<ScriptArrival?> TakeAsync(double withinMs, List<string> received, Func<ScriptArrival, bool> wanted, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(withinMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        Read();
        while (CloseCode is null)
        {
            ScriptArrival arrival;
            try
            {
                arrival = await _arrivals.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return null;
            }

            CloseCode = arrival.CloseCode;
            var found = CloseCode is null && wanted(arrival);
            if (CloseCode is null && (found || !arrival.IsPing)) received.Add(arrival.Text);
            if (found) return arrival;
            if (arrival.IsPing) await SendAsync("{}", cancel).ConfigureAwait(false);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);
        // Without a close frame: the gateway sees a client that is gone.
        _socket.Abort();
        if (_receiving is not null) await _receiving.ConfigureAwait(false);
        _socket.Dispose();
        _disposed.Dispose();
    }

    private void Read() => _receiving ??= ReceiveAsync();

    private async Task ReceiveAsync()
    {
        var code = NoCloseFrame;
        try
        {
            using var frame = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, _disposed.Token).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    code = (int)(_socket.CloseStatus ?? WebSocketCloseStatus.Empty);
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _disposed.Token).ConfigureAwait(false);
                    break;
                }

                frame.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Split(Encoding.UTF8.GetString(frame.GetBuffer(), 0, (int)frame.Length));
                frame.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over; the close code tells whether a close frame came first. A socket that is aborted while it answers a close frame says that it is disposed.
        }

        _arrivals.Writer.TryWrite(new ScriptArrival("", null, code));
        _arrivals.Writer.TryComplete();
    }

    private void Split(string frame)
    {
        foreach (var text in frame.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _arrivals.Writer.TryWrite(new ScriptArrival(text, Parse(text), null));
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // Kept as text: it matches nothing, and the journal shows it.
            return null;
        }
    }
}
