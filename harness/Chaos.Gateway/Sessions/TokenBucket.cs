namespace Chaos.Gateway.Sessions;

/// <summary>Limits a rate over a burst. It starts full. Sans-IO: time is told to it. Not thread-safe.</summary>
internal sealed class TokenBucket(double perSecond, double burst)
{
    private double _used;
    private TimeSpan _at;

    public bool TryTake(TimeSpan now)
    {
        if (now > _at)
        {
            _used = Math.Max(0, _used - (perSecond * (now - _at).TotalSeconds));
            _at = now;
        }
        if (_used + 1 > burst) return false;
        _used++;
        return true;
    }
}
