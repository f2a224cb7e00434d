using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Chaos.Proxy.Links;

/// <summary>
/// A lane that is read from. While it is direct, reads go straight to the source. When faults come, a pump reads the
/// source into the queue and reads take from there; when they go, the pump ends with the read it has begun.
/// </summary>
internal sealed partial class PullLane : Lane, IValueTaskSource<int>
{
    private readonly Stream _source;
    private readonly CancellationToken _lifetime;
    private readonly Action _onReadable;
    private ManualResetValueTaskSourceCore<int> _readable = new() { RunContinuationsAsynchronously = false };
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _readableAwaiter;
    private CancellationToken _readableToken;
    private LaneEntry? _partial;
    private Exception? _failure;
    private TaskCompletionSource? _roomy;
    private long _handedOutNs;
    private bool _waitingForReadable;
    private bool _bridging;
    private bool _sourceBusy;
    private bool _sourceEnded;
    private bool _pumping;
    private bool _discarding;

    /// <param name="source">Where bytes come from; zero-byte reads wait until some are there.</param>
    /// <param name="lifetime">Cancelled when the connection is over: the pump ends.</param>
    public PullLane(LinkConnection connection, Direction direction, bool framed, Stream source, CancellationToken lifetime)
        : base(connection, direction, framed)
    {
        _source = source;
        _lifetime = lifetime;
        _onReadable = OnReadable;
    }

    protected override bool IsIdle => QueueIsEmpty && _partial is null;

    /// <summary>Reads bytes that are due. A read into an empty buffer waits until some are, and takes none.</summary>
    /// <returns>Bytes read; 0 at the end, or for an empty buffer.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_handedOutNs != 0)
        {
            // The reader is back for more: it has passed on what it got, which is what the hop through here took.
            Connection.Link.Overhead.Record(Monotonic.NowNs - _handedOutNs);
            _handedOutNs = 0;
        }
        bool direct;
        lock (Gate)
        {
            direct = Direct && !_sourceBusy;
            if (direct) _sourceBusy = true;
        }
        if (!direct) return ReadQueueAsync(buffer, cancellation);
        var read = _source.ReadAsync(buffer, cancellation);
        if (buffer.IsEmpty) return WaitReadable(read, cancellation);
        return read.IsCompletedSuccessfully ? FinishDirect(read.Result, buffer, cancellation) : AwaitDirect(read, buffer, cancellation);
    }

    /// <summary>Reads and drops everything from now on, so that the end of the source is noticed.</summary>
    public void Discard()
    {
        lock (Gate)
        {
            _discarding = true;
            Direct = false;
        }
        OnFaultsChanged();
    }

    protected override void OnFaultsChanged()
    {
        StartPump();
        bool bridge;
        lock (Gate)
        {
            bridge = _waitingForReadable && !Direct && !_bridging;
            if (bridge) _bridging = true;
            if (!IsFull || Aborted) _roomy?.TrySetResult();
        }
        if (bridge) _ = BridgeAsync();
        else Signal.Wake();
    }

    private ValueTask<int> FinishDirect(int bytes, Memory<byte> buffer, CancellationToken cancellation)
    {
        var nowNs = Monotonic.NowNs;
        bool direct;
        lock (Gate)
        {
            _sourceBusy = false;
            direct = Direct;
            if (bytes == 0) _sourceEnded = true;
            if (direct) Follow(buffer.Span[..bytes]);
            else if (bytes == 0) EnqueueEnd(nowNs);
            else Enqueue(buffer.Span[..bytes], nowNs);
        }
        if (bytes == 0) Connection.OnSourceEnded(this, null);
        if (!direct)
        {
            StartPump();
            return ReadQueueAsync(buffer, cancellation);
        }
        if (bytes > 0)
        {
            Counters.Delivered(bytes, nowNs);
            _handedOutNs = nowNs;
        }
        else Connection.OnEndDelivered(this);
        return new ValueTask<int>(bytes);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitDirect(ValueTask<int> read, Memory<byte> buffer, CancellationToken cancellation)
    {
        int bytes;
        try
        {
            bytes = await read.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var held = SourceFailed(e);
            if (!held)
            {
                Connection.OnFailureDelivered(this, e);
                throw;
            }
            return await ReadQueueAsync(buffer, cancellation).ConfigureAwait(false);
        }
        return await FinishDirect(bytes, buffer, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<int> ReadQueueAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(static lane => ((PullLane)lane!).Signal.Wake(), this);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            long dueNs;
            var direct = false;
            lock (Gate)
            {
                if (Aborted) throw new IOException("The connection was cut by a fault.");
                if (TryTake(buffer, out var taken, out dueNs)) return taken;
                if (dueNs == long.MaxValue && !_pumping && !_sourceBusy && !_sourceEnded && !_discarding)
                {
                    TryGoDirect();
                    direct = Direct;
                    // What a bridge waits for is over: the reader's next read goes to the source by itself.
                    if (direct && buffer.IsEmpty) return 0;
                    if (direct) _sourceBusy = true;
                }
            }
            if (direct)
            {
                var read = _source.ReadAsync(buffer, cancellation);
                return await AwaitDirect(read, buffer, cancellation).ConfigureAwait(false);
            }
            await Signal.WaitAsync(dueNs).ConfigureAwait(false);
        }
    }

    private bool TryTake(Memory<byte> buffer, out int taken, out long dueNs)
    {
        taken = 0;
        dueNs = 0;
        if (_partial is null)
        {
            if (!TryPeekDue(out var head, out dueNs)) return false;
            if (head.Kind == EntryKind.Limit)
            {
                // The connection ends here; what the reader gets to see is that end.
                Released(Dequeue());
                dueNs = long.MaxValue;
                return false;
            }
            if (buffer.IsEmpty) return true;
            _partial = Dequeue();
            if (!IsFull) _roomy?.TrySetResult();
        }
        if (buffer.IsEmpty) return true;
        var entry = _partial.Value;
        if (entry.Kind == EntryKind.End)
        {
            _partial = null;
            Released(entry);
            if (_failure is not null)
            {
                Connection.OnFailureDelivered(this, _failure);
                throw new IOException("The client's connection failed.", _failure);
            }
            Connection.OnEndDelivered(this);
            return true;
        }
        taken = Math.Min(buffer.Length, entry.Length - entry.Taken);
        entry.Buffer.AsSpan(entry.Taken, taken).CopyTo(buffer.Span);
        entry.Taken += taken;
        if (entry.Taken < entry.Length)
        {
            _partial = entry;
            return true;
        }
        _partial = null;
        Released(entry);
        SignalDrained();
        return true;
    }
}
