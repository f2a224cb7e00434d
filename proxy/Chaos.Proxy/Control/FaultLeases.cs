using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>Ends faults whose lease was not renewed. Called with the registry's lock held, but for the timers.</summary>
internal sealed class FaultLeases(TimeProvider time)
{
    // A timer counts in milliseconds, and may be a little early.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(2);

    public void Start(ActiveFault fault, Action ended)
    {
        if (fault.Definition.Lease is null) return;
        fault.Lease = time.CreateTimer(_ => ended(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Renew(fault);
    }

    public void Renew(ActiveFault fault)
    {
        if (fault.Definition.Lease is not { } lease) return;
        fault.LeaseStartedAt = time.GetTimestamp();
        fault.Lease?.Change(lease, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a timer that went off may end its fault: it may have gone off just before a renewal.</summary>
    public bool IsOver(ActiveFault fault)
    {
        var left = fault.Definition.Lease!.Value - time.GetElapsedTime(fault.LeaseStartedAt);
        if (left <= Slack) return true;
        fault.Lease!.Change(left, Timeout.InfiniteTimeSpan);
        return false;
    }
}
