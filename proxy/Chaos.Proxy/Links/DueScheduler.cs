namespace Chaos.Proxy.Links;

/// <summary>
/// One thread that wakes lanes when their next item is due. Idle, it waits in the kernel and costs nothing.
/// </summary>
internal sealed class DueScheduler : IDisposable
{
    // Later than this the thread has more work than it can do alone. A shorter stall of the machine it catches up with faster than the
    // thread pool would.
    private const long LateNs = 10_000_000;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<(DueSignal Signal, long Version), long> _queue = new();
    private readonly PreciseWait _wait = PreciseWait.Create();
    private readonly Thread _thread;
    private long _waitingUntilNs = long.MaxValue;
    private bool _stopped;

    /// <summary>Bytes that wait in the lanes which this scheduler wakes.</summary>
    public QueueBudget Budget { get; } = new();

    public DueScheduler()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "due times", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Fires <paramref name="signal"/> at <paramref name="dueNs"/>, unless its version has moved on by then.</summary>
    public void Schedule(DueSignal signal, long version, long dueNs)
    {
        bool earlier;
        lock (_gate)
        {
            if (_stopped) return;
            _queue.Enqueue((signal, version), dueNs);
            earlier = dueNs < _waitingUntilNs;
            if (earlier) _waitingUntilNs = dueNs;
        }
        if (earlier) _wait.Signal();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped) return;
            _stopped = true;
        }
        _wait.Signal();
        _thread.Join();
        _wait.Dispose();
    }

    private void Run()
    {
        _wait.Prepare();
        while (true)
        {
            DueSignal? due = null;
            long version = 0;
            var next = long.MaxValue;
            var late = false;
            lock (_gate)
            {
                if (_stopped) return;
                if (_queue.TryPeek(out var head, out var at))
                {
                    var nowNs = Monotonic.NowNs;
                    if (at <= nowNs)
                    {
                        late = nowNs - at > LateNs;
                        _queue.Dequeue();
                        (due, version) = head;
                    }
                    else next = at;
                }
                _waitingUntilNs = due is null ? next : long.MinValue;
            }
            if (due is null) _wait.Wait(next);
            else due.Fire(version, onTime: !late);
        }
    }
}
