using Chaos.Experiments.Engine.Timelines;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>The moment that a time of the run stands for, by which people are on call: the time itself, unless the experiment says otherwise.</summary>
internal sealed class DutyClock
{
    private readonly double _compress;
    private readonly IReadOnlyList<(long AtUs, DateTimeOffset Moment)> _anchors;

    /// <param name="plan">What the experiment says.</param>
    /// <param name="timeline">Its faults in time.</param>
    /// <param name="startUs">When the phase of faults begins, or is expected to.</param>
    public DutyClock(AlertingPlan plan, TimelinePlan timeline, long startUs)
    {
        _compress = plan.Compress;
        _anchors = [.. plan.Clocks.Select(c => (startUs + Offset(timeline, c.Key), c.Value)).OrderBy(a => a.Item1)];
    }

    /// <summary>What a time of the run stands for, by the last anchor before it, else the first after.</summary>
    public DateTimeOffset At(long us)
    {
        if (_anchors.Count == 0) return DateTimeOffset.FromUnixTimeMilliseconds(us / 1000);
        var (atUs, moment) = _anchors.LastOrDefault(a => a.AtUs <= us, _anchors[0]);
        return moment.AddMilliseconds((us - atUs) / 1000.0 * _compress);
    }

    private static long Offset(TimelinePlan timeline, string during) =>
        during == Phases.Faults ? 0 : (long)(timeline.Steps.FirstOrDefault(s => s.On && s.Fault.Name == during)?.At ?? TimeSpan.Zero).TotalMicroseconds;
}
