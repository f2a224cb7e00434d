using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.WebSockets;
using Chaos.Client.Protocol;

namespace Chaos.Client.Sockets;

/// <summary>One socket: dials, posts what arrives, and ends in exactly one <see cref="MailKind.Ended"/>. Sends through an
/// <see cref="Outbox"/>, so that a dead link never blocks the client.</summary>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync disposes what it holds when the connection ends.")]
internal sealed class SocketConnection
{
    private const int FirstBufferBytes = 2 * 1024;

    private readonly WatchedSocket _watched;
    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _abort = new();
    private readonly ClientOptions _options;
    private readonly Mailbox _mailbox;
    private readonly Outbox _outbox;
    private readonly int _ordinal;
    private long _lastByteAt;

    public SocketConnection(int ordinal, ClientOptions options, Mailbox mailbox)
    {
        (_ordinal, _options, _mailbox) = (ordinal, options, mailbox);
        _watched = new WatchedSocket(options.Socket, () => Volatile.Write(ref _lastByteAt, mailbox.Now.Ticks));
        _socket = _watched.Socket;
        _outbox = new Outbox(_socket);
    }

    /// <summary>When the last byte arrived, of whatever message; kept aside, because an input a read would cost more than it tells.</summary>
    public TimeSpan LastByteAt => new(Volatile.Read(ref _lastByteAt));

    public void Send(ReadOnlyMemory<byte> frame) => _outbox.Send(frame);

    public void Close(int code, string reason) => _outbox.Close((WebSocketCloseStatus)code, reason);

    public void Abort()
    {
        try
        {
            _abort.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return; // ended by itself meanwhile
        }

        _socket.Abort();
    }

    /// <summary>Lives from dial to end. Its failures are the connection's end, never an exception.</summary>
    public async Task RunAsync(Uri url)
    {
        Mail ended;
        try
        {
            ended = await ConnectAsync(url) ?? await LiveAsync();
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException
            or InvalidOperationException or HttpRequestException)
        {
            ended = End(Causes.Transport, null, Innermost(e));
        }

        _mailbox.Post(ended);
        if (ended.Name == Causes.Close && _socket.State == WebSocketState.CloseReceived)
            await AnswerCloseAsync();
        _socket.Abort();
        _watched.Dispose();
        _abort.Dispose();
    }

    private async Task<Mail?> ConnectAsync(Uri url)
    {
        try
        {
            await _watched.ConnectAsync(url, _abort.Token);
        }
        catch (WebSocketException e)
        {
            var status = _socket.HttpStatusCode;
            if (status is not (0 or HttpStatusCode.SwitchingProtocols))
                return End(Causes.Handshake, (int)status, status.ToString());
            var refused = e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
            return End(refused ? Causes.Refused : Causes.Transport, null, Innermost(e));
        }

        _mailbox.Post(new Mail(MailKind.Opened, _mailbox.Now) { Connection = _ordinal });
        return null;
    }

    private async Task<Mail> LiveAsync()
    {
        if (_options.Socket.PingInterval <= TimeSpan.Zero) return await ReceiveAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_abort.Token);
        var pinging = PingAsync(over.Token);
        try
        {
            return await ReceiveAsync();
        }
        finally
        {
            await over.CancelAsync();
            await pinging;
        }
    }

    private async Task PingAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(_options.Socket.PingInterval, _options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                // Nothing follows a close frame.
                if (_socket.State != WebSocketState.Open) return;
                await _watched.PingAsync(over);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The reader tells how the connection ended.
        }
    }

    private async Task<Mail> ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            var filled = 0;
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(filled), _abort.Token);
                var now = _mailbox.Now;
                if (received.MessageType == WebSocketMessageType.Close)
                    return End(Causes.Close, (int?)_socket.CloseStatus ?? 1005, _socket.CloseStatusDescription) with { At = now };
                filled += received.Count;
                if (received.EndOfMessage)
                {
                    _mailbox.Post(new Mail(MailKind.Received, now) { Connection = _ordinal, Data = buffer.AsMemory(0, filled), Pooled = buffer });
                    (buffer, filled) = (ArrayPool<byte>.Shared.Rent(FirstBufferBytes), 0);
                    continue;
                }

                if (filled >= _options.MaxMessageBytes)
                    return End(Causes.Transport, null, $"a message is larger than {_options.MaxMessageBytes} bytes");
                if (filled == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Answers the peer's close frame; a link that cannot carry the answer in time is dropped.</summary>
    private async Task AnswerCloseAsync()
    {
        var timeout = TimeSpan.FromMilliseconds(_options.Policy.CloseTimeoutMs);
        await _outbox.CloseAsync(WebSocketCloseStatus.NormalClosure, "").WaitAsync(timeout, _options.Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Mail End(string cause, int? code, string? reason) =>
        new(MailKind.Ended, _mailbox.Now) { Connection = _ordinal, Name = cause, Code = code, Text = reason };

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static string Innermost(Exception e) => e.GetBaseException().Message;
}
