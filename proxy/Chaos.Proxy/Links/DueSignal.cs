using System.Threading.Tasks.Sources;

namespace Chaos.Proxy.Links;

/// <summary>
/// Lets one consumer wait until a time, or until it is woken to look again. Reused without allocation. A wake-up that
/// comes while nobody waits is remembered.
/// </summary>
/// <param name="mayRunInline">The consumer does little between two waits, and never blocks.</param>
internal sealed class DueSignal(DueScheduler scheduler, bool mayRunInline = false) : IValueTaskSource
{
    // A wait that was woken leaves its entry in the scheduler until its time: it must not be far away.
    private const long HorizonNs = 1_000_000_000;

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private long _version;
    private bool _waiting;
    private bool _woken;

    /// <summary>
    /// Completes at <paramref name="dueNs"/> (long.MaxValue: never by itself), at <see cref="Wake"/>, or, where the time is
    /// more than a second away, after a second: the consumer looks at the clock and waits again.
    /// </summary>
    public ValueTask WaitAsync(long dueNs)
    {
        long version;
        short token;
        lock (_gate)
        {
            if (_woken)
            {
                _woken = false;
                return default;
            }
            _core.Reset();
            _waiting = true;
            version = ++_version;
            token = _core.Version;
        }
        if (dueNs != long.MaxValue) scheduler.Schedule(this, version, Math.Min(dueNs, Monotonic.NowNs + HorizonNs));
        return new ValueTask(this, token);
    }

    /// <summary>Ends the present wait, or the next one.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _woken = true;
                return;
            }
            _waiting = false;
        }
        // The caller may hold locks that the consumer takes.
        _core.RunContinuationsAsynchronously = true;
        _core.SetResult(true);
    }

    /// <param name="onTime">
    /// The scheduler is in time: the consumer goes on at once, on the scheduler's own thread, which saves the way through the
    /// thread pool. Else it goes on there, so that all cores share the work.
    /// </param>
    internal void Fire(long version, bool onTime)
    {
        lock (_gate)
        {
            if (!_waiting || version != _version) return;
            _waiting = false;
        }
        _core.RunContinuationsAsynchronously = !(mayRunInline && onTime);
        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
