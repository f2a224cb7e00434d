using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Chaos.Proxy.Links;

/// <summary>
/// A lane that is read from. While it is direct, reads go straight to the source. When faults come, a pump reads the
/// source into the queue and reads take from there; when they go, the pump ends with the read it has begun.
/// </summary>
internal sealed class PullLane : Lane, IValueTaskSource<int>
{
    private const int PumpBufferBytes = 16 * 1024;

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

    /// <summary>The pump, while it runs.</summary>
    public Task Pump { get; private set; } = Task.CompletedTask;

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

    // The reader waits for the source in a way that a fault can take over: no buffer of the reader's is lent out.
    private ValueTask<int> WaitReadable(ValueTask<int> read, CancellationToken cancellation)
    {
        if (read.IsCompletedSuccessfully)
        {
            _ = read.Result;
            bool direct;
            lock (Gate)
            {
                _sourceBusy = false;
                direct = Direct;
            }
            if (direct) return new ValueTask<int>(0);
            StartPump();
            return ReadQueueAsync(Memory<byte>.Empty, cancellation);
        }
        short version;
        bool bridge;
        lock (Gate)
        {
            _readable.Reset();
            version = _readable.Version;
            _waitingForReadable = true;
            _readableToken = cancellation;
            _readableAwaiter = read.ConfigureAwait(false).GetAwaiter();
            bridge = !Direct && !_bridging;
            if (bridge) _bridging = true;
        }
        _readableAwaiter.UnsafeOnCompleted(_onReadable);
        if (bridge) _ = BridgeAsync();
        return new ValueTask<int>(this, version);
    }

    private void OnReadable()
    {
        Exception? failure = null;
        try
        {
            _ = _readableAwaiter.GetResult();
        }
        catch (Exception e)
        {
            failure = e;
        }
        var held = failure is not null && SourceFailed(failure);
        bool complete;
        lock (Gate)
        {
            _sourceBusy = false;
            complete = _waitingForReadable && !_bridging && !held;
            if (complete) _waitingForReadable = false;
        }
        if (!complete)
        {
            StartPump();
            // The faults may be gone by now. Then there is no pump, and a bridge that still waits must look again.
            Signal.Wake();
        }
        else if (failure is null) _readable.SetResult(0);
        else
        {
            Connection.OnFailureDelivered(this, failure);
            _readable.SetException(failure);
        }
    }

    // Faults came while the reader was waiting for the source: it now waits for the queue instead.
    private async Task BridgeAsync()
    {
        Exception? failure = null;
        try
        {
            await ReadQueueAsync(Memory<byte>.Empty, _readableToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            failure = e;
        }
        lock (Gate)
        {
            _bridging = false;
            _waitingForReadable = false;
        }
        if (failure is null) _readable.SetResult(0);
        else _readable.SetException(failure);
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

    private void StartPump()
    {
        lock (Gate)
        {
            if (_pumping || _sourceBusy || _sourceEnded || (Direct && !_discarding)) return;
            // Nothing to do for a pump: the reader finds an empty queue and goes direct by itself.
            if (!HasFaults && !Sealed && !_discarding) return;
            _pumping = true;
        }
        Pump = PumpAsync();
    }

    private async Task PumpAsync()
    {
        var buffer = Array.Empty<byte>();
        try
        {
            while (true)
            {
                // Waits without a buffer: many silent connections under a fault must not hold one each.
                await _source.ReadAsync(Memory<byte>.Empty, _lifetime).ConfigureAwait(false);
                buffer = ArrayPool<byte>.Shared.Rent(PumpBufferBytes);
                var bytes = await _source.ReadAsync(buffer, _lifetime).ConfigureAwait(false);
                var (stop, full) = Take(buffer.AsSpan(0, bytes));
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = [];
                Signal.Wake();
                if (bytes == 0) Connection.OnSourceEnded(this, null);
                if (stop) return;
                if (full) await WaitForRoomAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            lock (Gate)
                _pumping = false;
            SourceFailed(e, force: true);
        }
        finally
        {
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private (bool Stop, bool Full) Take(ReadOnlySpan<byte> bytes)
    {
        var nowNs = Monotonic.NowNs;
        lock (Gate)
        {
            if (bytes.IsEmpty)
            {
                _sourceEnded = true;
                EnqueueEnd(nowNs);
            }
            else if (_discarding) Follow(bytes);
            else Enqueue(bytes, nowNs);
            var stop = bytes.IsEmpty || (!HasFaults && !Sealed && !_discarding);
            if (stop) _pumping = false;
            return (stop, IsFull && !Aborted);
        }
    }

    private async Task WaitForRoomAsync()
    {
        Task roomy;
        lock (Gate)
        {
            if (!IsFull || Aborted) return;
            _roomy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            roomy = _roomy.Task;
        }
        await roomy.WaitAsync(_lifetime).ConfigureAwait(false);
    }

    /// <summary>The source failed. True when the reader must not be told yet: the failure is queued behind the data.</summary>
    private bool SourceFailed(Exception failure, bool force = false)
    {
        var cancelled = failure is OperationCanceledException;
        bool held;
        lock (Gate)
        {
            _sourceBusy = false;
            held = force || !Direct;
            if (cancelled && (!_lifetime.IsCancellationRequested || !force)) held = false;
            else if (!_sourceEnded)
            {
                _sourceEnded = true;
                _failure = failure;
                if (held) EnqueueEnd(Monotonic.NowNs);
            }
        }
        Signal.Wake();
        if (!cancelled) Connection.OnSourceEnded(this, failure);
        return held;
    }

    int IValueTaskSource<int>.GetResult(short token) => _readable.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _readable.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _readable.OnCompleted(continuation, state, token, flags);
}
