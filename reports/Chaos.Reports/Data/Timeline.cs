using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>A named stretch of time, in seconds from the start of the experiment.</summary>
public sealed record Stretch(string Name, double From, double To);

/// <summary>A fault while it was on.</summary>
/// <param name="Fault">Name of the timeline entry.</param>
/// <param name="Type">Type of the fault.</param>
/// <param name="Link">Link it was on.</param>
/// <param name="From">Seconds from the start of the experiment.</param>
/// <param name="To">Same; the end of what was recorded, if it was never removed.</param>
/// <param name="OffReason">Why it was removed; null if the journal does not say that it was.</param>
public sealed record FaultBand(string Fault, string Type, string Link, double From, double To, string? OffReason);

/// <summary>The time axis of an experiment.</summary>
/// <param name="OriginUs">Microseconds since the epoch of second 0, the first event.</param>
/// <param name="Seconds">Length that is worth showing: up to the teardown, or to the last event.</param>
/// <param name="Phases">In order; the last ends at <paramref name="Seconds"/>.</param>
/// <param name="Faults">Every occurrence of every fault, in order of time.</param>
public sealed record Timeline(long OriginUs, double Seconds, IReadOnlyList<Stretch> Phases, IReadOnlyList<FaultBand> Faults)
{
    /// <summary>Seconds from the start of the experiment.</summary>
    public double SecondsAt(long us) => (us - OriginUs) / 1e6;

    /// <summary>Names of the faults, each once, in order of their first occurrence.</summary>
    public IEnumerable<string> FaultNames => Faults.Select(f => f.Fault).Distinct(StringComparer.Ordinal);

    /// <summary>The stretch an expectation's <c>during</c> names: a phase, a fault (first on to last off) or the whole run.</summary>
    public Stretch? Named(string during)
    {
        var bands = Faults.Where(f => f.Fault == during).ToList();
        if (bands.Count > 0) return new Stretch(during, bands.Min(b => b.From), bands.Max(b => b.To));
        return Phases.FirstOrDefault(p => p.Name == during) ?? (during == "run" ? new Stretch(during, 0, Seconds) : null);
    }

    internal static Timeline From(IReadOnlyList<JournalEvent> ordered)
    {
        if (ordered.Count == 0) return new Timeline(0, 0, [], []);
        var origin = ordered[0].At;
        var entered = ordered.OfType<PhaseEntered>().ToList();
        var endUs = entered.FirstOrDefault(p => p.Phase == Journal.Events.Phases.Teardown)?.At ?? ordered[^1].At;
        var end = (endUs - origin) / 1e6;
        var phases = new List<Stretch>();
        for (var i = 0; i < entered.Count; i++)
        {
            var from = (entered[i].At - origin) / 1e6;
            var to = i + 1 < entered.Count ? (entered[i + 1].At - origin) / 1e6 : end;
            if (entered[i].Phase != Journal.Events.Phases.Teardown && to > from) phases.Add(new Stretch(entered[i].Phase, from, Math.Min(to, end)));
        }

        return new Timeline(origin, end, phases, Bands(ordered, origin, end));
    }

    private static List<FaultBand> Bands(IReadOnlyList<JournalEvent> ordered, long origin, double end)
    {
        var offs = ordered.OfType<FaultOff>().GroupBy(f => (f.Fault, f.Occurrence, f.Link)).ToDictionary(g => g.Key, g => g.First());
        var bands = new List<FaultBand>();
        foreach (var on in ordered.OfType<FaultOn>())
        {
            var off = offs.GetValueOrDefault((on.Fault, on.Occurrence, on.Link));
            var from = (on.At - origin) / 1e6;
            var to = off is null ? end : (off.At - origin) / 1e6;
            bands.Add(new FaultBand(on.Fault, on.Type, on.Link, from, Math.Max(from, to), off?.Reason));
        }

        return bands;
    }
}
