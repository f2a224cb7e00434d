using System.Threading.Channels;
using Chaos.Gateway.Settings;

namespace Chaos.Gateway.Sessions;

/// <summary>A queue that is bounded in messages and in bytes. One message of any size fits an empty queue.</summary>
internal class SendQueue(int maxMessages, int maxBytes) : ISendQueue
{
    private readonly Lock _lock = new();
    private readonly Queue<ReadOnlyMemory<byte>> _messages = new();
    // One slot: whether there is something to look at. Its reader is the one writer to the socket.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private long _bytes;
    private bool _completed;

    /// <summary>Bytes that wait.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    public bool TryAdd(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_completed) return true;
            if (_messages.Count > 0 && (_messages.Count >= maxMessages || _bytes + message.Length > maxBytes)) return Overflow();
            _messages.Enqueue(message);
            _bytes += message.Length;
        }
        _signal.Writer.TryWrite(true);
        return true;
    }

    public void Complete(bool discard)
    {
        lock (_lock)
        {
            _completed = true;
            if (discard)
            {
                _messages.Clear();
                _bytes = 0;
            }
        }
        _signal.Writer.TryComplete();
    }

    public async ValueTask<bool> WaitAsync(CancellationToken cancel)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_messages.Count > 0) return true;
                if (_completed) return false;
            }
            if (await _signal.Reader.WaitToReadAsync(cancel)) _signal.Reader.TryRead(out _);
        }
    }

    public void Take(List<ReadOnlyMemory<byte>> batch, int bytes)
    {
        lock (_lock)
        {
            var taken = 0;
            while (_messages.TryPeek(out var next) && (taken == 0 || taken + next.Length < bytes))
            {
                batch.Add(_messages.Dequeue());
                taken += next.Length + 1;
                _bytes -= next.Length;
            }
        }
    }

    /// <summary>What happens to a message that does not fit: it is refused, and the connection is closed as slow.</summary>
    protected virtual bool Overflow() => false;
}

/// <summary>Queues with the limits of the settings.</summary>
internal sealed class SendQueueFactory(GatewaySettings settings) : ISendQueueFactory
{
    public ISendQueue Create() => new SendQueue(settings.Limits.QueueMessages, settings.Limits.QueueBytes);
}
