using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Chaos.Load.Scripts;

/// <summary>A message of the gateway, or the end of the connection (then <paramref name="CloseCode"/> is set, 1006 without a close frame).</summary>
/// <param name="Text">The message as it came.</param>
/// <param name="Json">It parsed; null when it is no JSON.</param>
internal sealed record ScriptArrival(string Text, JsonNode? Json, int? CloseCode)
{
    /// <summary>An empty object is a ping.</summary>
    public bool IsPing => Json is JsonObject { Count: 0 };
}

/// <summary>A raw WebSocket whose incoming frames are split into messages and queued until a step asks for them.</summary>
internal sealed class ScriptConnection : IAsyncDisposable
{
    private const int NoCloseFrame = 1006;

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<ScriptArrival> _arrivals = Channel.CreateUnbounded<ScriptArrival>();
    private readonly CancellationTokenSource _disposed = new();
    private Task _receiving = Task.CompletedTask;

    public ChannelReader<ScriptArrival> Arrivals => _arrivals.Reader;

    /// <exception cref="WebSocketException">The handshake failed.</exception>
    public async Task ConnectAsync(Uri url, CancellationToken cancel)
    {
        // Pings of the WebSocket layer would be traffic that no script asked for.
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await _socket.ConnectAsync(url, cancel).ConfigureAwait(false);
        _receiving = ReceiveAsync();
    }

    /// <summary>Sends one text frame. False when the connection is over.</summary>
    public async Task<bool> SendAsync(string frame, CancellationToken cancel)
    {
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, cancel).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException or ObjectDisposedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        _socket.Dispose();
        _disposed.Dispose();
    }

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
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The connection is over; the close code tells whether a close frame came first.
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
