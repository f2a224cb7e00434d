using System.Runtime.CompilerServices;

namespace Chaos.Proxy.Links;

/// <summary>Where a lane delivers to.</summary>
internal interface ILaneSink
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>Passes on the end of the direction.</summary>
    ValueTask EndAsync();
}

/// <summary>A lane that is written to, and that writes on.</summary>
internal sealed class PushLane(LinkConnection connection, Direction direction, bool framed, ILaneSink sink)
    : Lane(connection, direction, framed)
{
    private bool _writing;
    private bool _pumping;
    private long _pumpWaitsUntilNs = long.MinValue;
    private bool _ended;
    private TaskCompletionSource? _roomy;

    protected override bool IsIdle => QueueIsEmpty && !_writing && !_pumping;

    /// <summary>Sends data on, now or when it is due. Completes when the lane can take more.</summary>
    /// <exception cref="IOException">The receiver is gone (only where bytes go past the queue).</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        var arrivalNs = Monotonic.NowNs;
        bool direct, full;
        lock (Gate)
        {
            direct = Direct;
            if (direct)
            {
                _writing = true;
                Follow(data.Span);
            }
            else Enqueue(data.Span, arrivalNs);
            full = !direct && IsFull && !Aborted;
        }
        if (!direct)
        {
            if (full) return new ValueTask(WaitForRoomAsync());
            StartPump();
            return default;
        }
        var write = sink.WriteAsync(data);
        if (!write.IsCompletedSuccessfully) return AwaitWrite(write, arrivalNs, data.Length);
        write.GetAwaiter().GetResult();
        Wrote(arrivalNs, data.Length);
        return default;
    }

    /// <summary>Passes on the end of the direction, behind everything queued.</summary>
    public ValueTask EndAsync()
    {
        bool direct;
        lock (Gate)
        {
            if (_ended) return default;
            _ended = true;
            direct = Direct;
            if (!direct) EnqueueEnd(Monotonic.NowNs);
        }
        if (direct) return sink.EndAsync();
        StartPump();
        return default;
    }

    /// <summary>The writer is gone in the middle of something, perhaps: nothing waits for its rest.</summary>
    public void PassPartial()
    {
        lock (Gate)
            Messages?.PassPartial();
        StartPump();
    }

    protected override void OnFaultsChanged()
    {
        Signal.Wake();
        StartPump();
        lock (Gate)
        {
            if (!IsFull || Aborted) _roomy?.TrySetResult();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitWrite(ValueTask write, long arrivalNs, int bytes)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch
        {
            lock (Gate)
                _writing = false;
            throw;
        }
        Wrote(arrivalNs, bytes);
    }

    private void Wrote(long arrivalNs, int bytes)
    {
        var nowNs = Monotonic.NowNs;
        Counters.Delivered(bytes, nowNs);
        Connection.Link.Overhead.Record(nowNs - arrivalNs);
        bool queued;
        lock (Gate)
        {
            _writing = false;
            queued = !QueueIsEmpty;
            if (!queued) SignalDrained();
        }
        if (queued) StartPump();
    }

    private async Task WaitForRoomAsync()
    {
        StartPump();
        Task roomy;
        lock (Gate)
        {
            if (!IsFull || Aborted) return;
            _roomy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            roomy = _roomy.Task;
        }
        await roomy.ConfigureAwait(false);
    }

    private void StartPump()
    {
        bool wake;
        lock (Gate)
        {
            if (_writing) return;
            // It waits for something that is held until later, and what came now is due before that.
            wake = _pumping && NextDueNs < _pumpWaitsUntilNs;
            if (_pumping && !wake) return;
            if (!wake && QueueIsEmpty)
            {
                TryGoDirect();
                return;
            }
            _pumping = true;
            _pumpWaitsUntilNs = long.MinValue;
        }
        if (wake) Signal.Wake();
        else _ = PumpAsync();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                LaneEntry entry;
                bool due;
                long dueNs;
                lock (Gate)
                {
                    if (QueueIsEmpty)
                    {
                        _pumping = false;
                        TryGoDirect();
                        SignalDrained();
                        return;
                    }
                    due = TryPeekDue(out entry, out dueNs);
                    _pumpWaitsUntilNs = due ? long.MinValue : dueNs;
                    if (due) entry = Dequeue();
                    if (due && !IsFull) _roomy?.TrySetResult();
                }
                if (due) await ReleaseAsync(entry).ConfigureAwait(false);
                else await Signal.WaitAsync(dueNs).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            lock (Gate)
                _pumping = false;
            Connection.OnSinkFailed(this, e);
        }
    }

    private async ValueTask ReleaseAsync(LaneEntry entry)
    {
        if (entry.Kind == EntryKind.End) await sink.EndAsync().ConfigureAwait(false);
        else if (entry.Length > 0) await sink.WriteAsync(entry.Buffer.AsMemory(0, entry.Length)).ConfigureAwait(false);
        Released(entry);
    }
}
