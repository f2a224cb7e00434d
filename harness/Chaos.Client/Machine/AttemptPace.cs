using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Client.Machine;

/// <summary>
/// The pace of one client's attempts: how many it has made since the count was reset, and how long it waits before the next. A value
/// without references, so that a simulation keeps a million of them in one array; <see cref="ClientMachine"/> keeps one. Times are
/// offsets from one origin and never go back.
/// </summary>
public struct AttemptPace
{
    private TimeSpan _stableDue = TimeSpan.MaxValue;
    private int _attempts;

    /// <summary>The pace of a client that has not started: its first attempt is number 0 and waits for nothing.</summary>
    public AttemptPace()
    {
    }

    /// <summary>The delay drawn before the next attempt, in milliseconds; 0 before the first.</summary>
    public double DelayMs { get; private set; }

    /// <summary>When the count will be reset, if the connection lives until then; <see cref="TimeSpan.MaxValue"/> when nothing is connected.</summary>
    public readonly TimeSpan StableDue => _stableDue;

    /// <summary>An attempt starts, or fails before it could.</summary>
    /// <returns>Its number: attempts since the count was last reset, from 0.</returns>
    public int Attempt() => _attempts++;

    /// <summary>A socket is open.</summary>
    public void Opened(IAttemptReset reset)
    {
        if (reset.ResetsOnOpen)
            _attempts = 0;
    }

    /// <summary>The connect reply arrived.</summary>
    public void Connected(IAttemptReset reset, ClientPolicy policy, TimeSpan now) => _stableDue = now + TimeSpan.FromMilliseconds(reset.StableMs(policy));

    /// <summary>Time has passed: a connection that has lived long enough resets the count.</summary>
    public void Tick(TimeSpan now)
    {
        if (now >= _stableDue)
            (_attempts, _stableDue) = (0, TimeSpan.MaxValue);
    }

    /// <summary>The connection or the attempt is over.</summary>
    public void Lost(TimeSpan now)
    {
        Tick(now);
        _stableDue = TimeSpan.MaxValue;
    }

    /// <summary>Draws the delay before the next attempt.</summary>
    /// <param name="backoff">The part that decides.</param>
    /// <param name="policy">The declared policy.</param>
    /// <param name="random">The client's stream for this purpose alone.</param>
    /// <param name="now">Now.</param>
    /// <returns>When the next attempt is due.</returns>
    public TimeSpan Wait(IBackoff backoff, ClientPolicy policy, Random random, TimeSpan now)
    {
        DelayMs = backoff.DelayMs(_attempts, policy, random);
        return now + TimeSpan.FromMilliseconds(DelayMs);
    }
}
