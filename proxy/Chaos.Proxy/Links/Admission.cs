using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>Counts connections for a fault's target: each n-th, the first n, at most n at once.</summary>
internal sealed class Admission(ConnectionTarget target)
{
    private readonly Lock _gate = new();
    private long _fitting;
    private int _held;

    /// <param name="rolled">The connection's own roll let it in.</param>
    public bool Admits(LinkConnection connection, bool rolled)
    {
        if (target.Labels.Count > 0 && !target.Fits(connection.Label)) return false;
        lock (_gate)
        {
            if (!target.Takes(++_fitting) || !rolled) return false;
            if (target.MaxActive > 0 && _held >= target.MaxActive) return false;
            _held++;
            return true;
        }
    }

    public void LetGo()
    {
        lock (_gate)
            _held--;
    }
}
