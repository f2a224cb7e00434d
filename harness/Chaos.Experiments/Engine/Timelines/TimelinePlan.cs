using System.Text.Json;
using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Engine.Timelines;

/// <summary>One moment of the timeline: an occurrence of a fault begins or ends.</summary>
/// <param name="At">From the start of the faults phase.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Occurrence">Which of its occurrences.</param>
/// <param name="On">True when it begins.</param>
public sealed record TimelineStep(TimeSpan At, FaultDefinition Fault, int Occurrence, bool On)
{
    /// <summary>The name that the proxy knows it by: <c>cut</c>, or <c>cut#3</c> where the fault repeats.</summary>
    public string ProxyName => Fault.Repeat is null ? Fault.Name : $"{Fault.Name}#{Occurrence}";

    /// <summary>What the journal says when the occurrence has begun.</summary>
    /// <param name="atUs">When, in microseconds since the Unix epoch.</param>
    public FaultOn Began(long atUs) =>
        new(Fault.Name, Occurrence, Fault.Place, Fault.Type, Fault.Stream, Fault.Toxicity, JsonSerializer.SerializeToElement(Fault.Attributes)) { At = atUs };

    /// <summary>What the journal says when it has ended.</summary>
    /// <param name="reason">"schedule" or "undo".</param>
    /// <param name="atUs">When, in microseconds since the Unix epoch.</param>
    public FaultOff Ended(string reason, long atUs) => new(Fault.Name, Occurrence, Fault.Place, reason) { At = atUs };
}

/// <summary>The faults phase as a list of moments: a pure function of the experiment and its seed.</summary>
public sealed record TimelinePlan(IReadOnlyList<TimelineStep> Steps, TimeSpan Length)
{
    /// <summary>Lays out every occurrence; the jitter of each comes from (seed, fault, occurrence).</summary>
    public static TimelinePlan Of(TimelineDefinition timeline, long seed)
    {
        var steps = timeline.Faults.SelectMany(fault => Occurrences(fault, seed)).OrderBy(s => s.At).ThenBy(s => s.On).ToList();
        var last = steps.Count == 0 ? TimeSpan.Zero : steps[^1].At;
        return new TimelinePlan(steps, last > timeline.FaultsAtLeast ? last : timeline.FaultsAtLeast);
    }

    private static IEnumerable<TimelineStep> Occurrences(FaultDefinition fault, long seed)
    {
        var count = fault.Repeat?.Count ?? 1;
        for (var i = 0; i < count; i++)
        {
            var start = fault.At + (fault.Repeat is { } repeat ? (repeat.Every * i) + Jitter(repeat, seed, fault.Name, i) : TimeSpan.Zero);
            if (start < TimeSpan.Zero) start = TimeSpan.Zero;
            yield return new TimelineStep(start, fault, i, On: true);
            yield return new TimelineStep(start + fault.For, fault, i, On: false);
        }
    }

    private static TimeSpan Jitter(RepeatDefinition repeat, long seed, string fault, int occurrence)
    {
        if (repeat.Jitter == TimeSpan.Zero) return TimeSpan.Zero;
        var draw = SeedTree.Stream(seed, "timeline", fault, occurrence.ToString(System.Globalization.CultureInfo.InvariantCulture)).NextDouble();
        return repeat.Jitter * ((2 * draw) - 1);
    }
}
