namespace Chaos.Experiments.Alerts.OnCall;

/// <summary>Somebody's time on call.</summary>
/// <param name="Who">Their name.</param>
/// <param name="From">Its start, which belongs to it.</param>
/// <param name="To">Its end, which does not.</param>
/// <param name="By">What says so: the name of a rotation, or the reason of an override.</param>
internal sealed record Duty(string Who, DateTimeOffset From, DateTimeOffset To, string By)
{
    /// <summary>Whether it covers a moment.</summary>
    public bool Covers(DateTimeOffset moment) => moment >= From && moment < To;
}
