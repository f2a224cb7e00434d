using System.Buffers;
using System.Net.WebSockets;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Sessions;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Sockets;

/// <summary>
/// One WebSocket. A reader hands frames to the session, a writer sends what the session queues, several messages a frame; the writer also
/// sends the close, so that everything keeps its order. Neither holds a thread while it waits.
/// </summary>
internal sealed class SocketConnection(WebSocket socket, ISendQueue queue, LimitSettings limits, TimeProvider time, ILogger log) : ISessionTransport, IDisposable
{
    private const int BatchBytes = 65_536;
    private const int FirstBuffer = 4_096;
    private readonly CancellationTokenSource _lifetime = new();
    private CloseRequest? _close;
    private ITimer? _deadline;

    /// <summary>Close code that the connection ended with: ours, the client's, or 1006 without any.</summary>
    public int EndCode { get; private set; } = 1006;

    public bool TrySend(ReadOnlyMemory<byte> message) => queue.TryAdd(message);

    public void Close(CloseRequest request)
    {
        if (Interlocked.CompareExchange(ref _close, request, null) is not null) return;
        // From here the client has so long to take what waits, the close frame, and to answer it.
        _deadline = time.CreateTimer(static c => ((SocketConnection)c!).Abort(), this, TimeSpan.FromMilliseconds(limits.CloseTimeoutMs), Timeout.InfiniteTimeSpan);
        queue.Complete(request.Discard);
    }

    /// <summary>Runs until both directions have ended.</summary>
    public async Task RunAsync(Session session, CancellationToken aborted)
    {
        await using var registration = aborted.UnsafeRegister(static c => ((SocketConnection)c!).Abort(), this);
        var writing = WriteAsync();
        await ReadAsync(session);
        queue.Complete(discard: _close is null);
        await writing;
    }

    public void Dispose()
    {
        _deadline?.Dispose();
        _lifetime.Dispose();
        socket.Dispose();
    }

    private void Abort()
    {
        try
        {
            _lifetime.Cancel();
        }
        catch (ObjectDisposedException)
        {
            log.LogTrace("already over");
        }
    }

    private async Task ReadAsync(Session session)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length) buffer = Grow(buffer, length);
                var room = Math.Min(buffer.Length, limits.MaxFrameBytes + 1) - length;
                var received = await socket.ReceiveAsync(buffer.AsMemory(length, room), _lifetime.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    if (_close is null) EndCode = (int)(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure);
                    return;
                }
                // After our close we only wait for the client's.
                if (_close is not null) continue;
                length += received.Count;
                if (length > limits.MaxFrameBytes) session.Close(CloseReason.MessageTooBig);
                else if (received.MessageType == WebSocketMessageType.Binary) session.Close(CloseReason.BadRequest);
                else if (received.EndOfMessage) await session.ReceiveAsync(buffer.AsMemory(0, length));
                else continue;
                length = 0;
                // A connection that once sent something large does not keep the memory.
                if (buffer.Length > FirstBuffer)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
                }
            }
        }
        catch (Exception e) when (IsLoss(e))
        {
            log.LogTrace("reading ended: {Reason}", e.Message);
            if (e is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted }) await LingerAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The peer broke the protocol (bad UTF-8, say), and the framework has sent a close frame that says so before it threw. Going on
    // to drop the connection would race with that frame: the peer gets its time to read it and leave.
    private async Task LingerAsync() =>
        await Task.Delay(TimeSpan.FromMilliseconds(limits.CloseTimeoutMs), time, _lifetime.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WriteAsync()
    {
        var batch = new List<ReadOnlyMemory<byte>>();
        try
        {
            while (await queue.WaitAsync(_lifetime.Token))
            {
                batch.Clear();
                queue.Take(batch, BatchBytes);
                await SendAsync(batch);
            }
            // The session asked for a close, or the client has begun one, or is gone.
            if (_close is { } close) EndCode = close.Reason.Code;
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
            var reason = _close?.Reason ?? CloseReason.Normal;
            await socket.CloseOutputAsync((WebSocketCloseStatus)reason.Code, reason.Reason, _lifetime.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            if (_close is { } close) EndCode = close.Reason.Code;
            log.LogTrace("writing ended: {Reason}", e.Message);
            Abort();
        }
    }

    private async ValueTask SendAsync(List<ReadOnlyMemory<byte>> batch)
    {
        if (batch.Count == 1)
        {
            await socket.SendAsync(batch[0], WebSocketMessageType.Text, true, _lifetime.Token);
            return;
        }
        var length = batch.Sum(m => m.Length) + batch.Count - 1;
        var frame = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = 0;
            foreach (var message in batch)
            {
                if (at > 0) frame[at++] = (byte)'\n';
                message.Span.CopyTo(frame.AsSpan(at));
                at += message.Length;
            }
            await socket.SendAsync(frame.AsMemory(0, length), WebSocketMessageType.Text, true, _lifetime.Token);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static bool IsLoss(Exception e) => e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;
}
