using System.Globalization;
using System.Text.Json;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>Faults that are on, and those that were.</summary>
internal sealed class FaultLog(TimelineDefinition timeline)
{
    private readonly List<Stretch> _all = [];

    /// <summary>A fault's time on.</summary>
    public sealed record Stretch(FaultOn On)
    {
        /// <summary>When it was removed, in microseconds since the Unix epoch; null while it is on.</summary>
        public long? OffUs { get; set; }
    }

    /// <summary>All stretches of time, the oldest first.</summary>
    public IReadOnlyList<Stretch> All => _all;

    /// <summary>Those that are on.</summary>
    public IEnumerable<FaultOn> Active => _all.Where(s => s.OffUs is null).Select(s => s.On);

    public void Take(JournalEvent e)
    {
        switch (e)
        {
            case FaultOn on:
                _all.Add(new Stretch(on));
                break;
            case FaultOff off:
                foreach (var stretch in _all.Where(s => s.OffUs is null && s.On.Fault == off.Fault && s.On.Occurrence == off.Occurrence)) stretch.OffUs = off.At;
                break;
            // The proxy lets go of all it holds at once; what is on nodes is the engine's, and it says when that is off.
            case LedgerHalt { State: "on" } halt:
                foreach (var stretch in _all.Where(s => s.OffUs is null && !IsOnNode(s.On))) stretch.OffUs = halt.At;
                break;
            case ExperimentEnded ended:
                foreach (var stretch in _all.Where(s => s.OffUs is null)) stretch.OffUs = ended.At;
                break;
        }
    }

    /// <summary>What is on, one line a fault: occurrences of one that repeats are one.</summary>
    public IReadOnlyList<FaultView> View() =>
        [.. Active.GroupBy(on => on.Fault).Select(g => g.First()).Select(on => new FaultView(on.Fault, on.Type, on.Link, Detail(on), on.At / 1000, Until(on)))];

    private bool IsOnNode(FaultOn on) => timeline.Faults.Any(f => f.Name == on.Fault && f.Node is not null);

    private long? Until(FaultOn on) => timeline.Faults.FirstOrDefault(f => f.Name == on.Fault) is { } planned ? (on.At / 1000) + (long)planned.For.TotalMilliseconds : null;

    private string Detail(FaultOn on)
    {
        List<string> words = [];
        if (on.Attributes.ValueKind == JsonValueKind.Object && on.Attributes.EnumerateObject().Any())
            words.Add(string.Join(", ", on.Attributes.EnumerateObject().Select(a => $"{a.Name} {a.Value.ToString()}")));
        if (!IsOnNode(on) && !on.Link.Contains('↔', StringComparison.Ordinal)) words.Add(on.Stream == "both" ? "both directions" : on.Stream);
        if (on.Toxicity < 1) words.Add(string.Create(CultureInfo.InvariantCulture, $"{on.Toxicity * 100:0.#} % of connections"));
        return string.Join(" · ", words);
    }
}
