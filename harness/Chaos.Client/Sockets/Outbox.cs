using System.Net.WebSockets;

namespace Chaos.Client.Sockets;

/// <summary>Sends frames one after the other without making the sender wait. Bounded by what its client may have outstanding: commands
/// that wait for replies, and one answer a ping.</summary>
internal sealed class Outbox(ClientWebSocket socket)
{
    private readonly Queue<ReadOnlyMemory<byte>> _frames = new();
    private (WebSocketCloseStatus Status, string Reason)? _close;
    private Task _sending = Task.CompletedTask;
    private bool _busy;

    public void Send(ReadOnlyMemory<byte> frame)
    {
        lock (_frames)
        {
            if (_close is not null)
                return;
            _frames.Enqueue(frame);
            Run();
        }
    }

    /// <summary>Sends a close frame after the frames before it. Nothing is sent after it.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        lock (_frames)
        {
            if (_close is not null)
                return;
            _close = (status, reason);
            Run();
        }
    }

    /// <summary>Like <see cref="Close"/>; completes when it is sent or cannot be.</summary>
    public Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        Close(status, reason);
        lock (_frames)
            return _sending;
    }

    private void Run()
    {
        if (_busy)
            return;
        _busy = true;
        _sending = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> frame;
                (WebSocketCloseStatus Status, string Reason) close = default;
                var closing = false;
                lock (_frames)
                {
                    if (!_frames.TryDequeue(out frame))
                    {
                        closing = _close is not null;
                        if (!closing)
                        {
                            _busy = false;
                            return;
                        }

                        close = _close!.Value;
                    }
                }

                if (closing)
                {
                    // Stays busy: nothing may follow a close frame.
                    await socket.CloseOutputAsync(close.Status, close.Reason, CancellationToken.None);
                    return;
                }

                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The reader tells how the connection ended; a socket that cannot send has ended.
            socket.Abort();
        }
    }
}
