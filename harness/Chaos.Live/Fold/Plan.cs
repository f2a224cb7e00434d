using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>The experiment's plan, and how much of it has happened.</summary>
internal sealed class Plan(ExperimentDefinition experiment, long seed, long startUs, FaultLog faults)
{
    // What nobody plans: processes start, clients connect.
    private static readonly TimeSpan WorldTakes = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SettleTakes = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TeardownTakes = TimeSpan.FromSeconds(1);

    private const int MostSpans = 60;

    private readonly TimelinePlan _steps = TimelinePlan.Of(experiment.Timeline, seed);
    private readonly List<(string Phase, long AtUs)> _entered = [];
    private readonly List<MarkView> _marks = [];
    private long? _endUs;

    /// <summary>The phase that it is in.</summary>
    public string Phase => _endUs is not null ? "ended" : _entered.Count == 0 ? Phases.World : _entered[^1].Phase;

    public void Take(JournalEvent e)
    {
        switch (e)
        {
            case PhaseEntered phase:
                _entered.Add((phase.Phase, phase.At));
                break;
            case ExperimentEnded ended:
                _endUs = ended.At;
                break;
            case NodeLeft left:
                Mark(left.At, "node", $"{left.Part} {left.How}, {left.Sessions} sessions");
                break;
            case PartEnded { Expected: false } part:
                Mark(part.At, "trouble", $"{part.Name} ended by itself with exit code {part.ExitCode}");
                break;
            case StopConditionMet stop:
                Mark(stop.At, "trouble", $"Stop condition {stop.Condition} was met");
                break;
            case HarnessFailed failed:
                Mark(failed.At, "trouble", $"The harness failed in {failed.Where}: {failed.Message}");
                break;
            case LedgerHalt halt:
                Mark(halt.At, "halt", halt.State == "on" ? $"All faults halted{(halt.Reason is null ? "" : $": {halt.Reason}")}" : "Faults are accepted again");
                break;
            case RehearsalStarted rehearsal:
                Mark(rehearsal.At, "rehearsal.started", rehearsal.Title);
                break;
            case RehearsalMoment moment:
                Mark(moment.At, "rehearsal.moment", moment.Title);
                break;
            case RehearsalEnded over:
                Mark(over.At, "rehearsal.ended", over.Title);
                break;
            case TitledEvent titled:
                Mark(titled.At, titled.Kind, titled.Title);
                break;
        }
    }

    public void Mark(long atUs, string kind, string title) => _marks.Add(new MarkView(atUs / 1000, kind, title));

    public TimelineView View(long nowUs)
    {
        var phases = PhaseSpans(nowUs);
        var to = Math.Max(phases.Count == 0 ? nowUs / 1000 : phases[^1].ToMs, (_endUs ?? nowUs) / 1000);
        return new TimelineView(startUs / 1000, to, phases, Lanes(phases, nowUs, to), [.. _marks.TakeLast(200)]);
    }

    private List<SpanView> PhaseSpans(long nowUs)
    {
        var all = new List<SpanView>();
        for (var i = 0; i < _entered.Count; i++)
        {
            var (phase, at) = _entered[i];
            var (planned, open) = (at + (long)Length(phase).TotalMicroseconds, i == _entered.Count - 1);
            var end = open ? _endUs ?? Math.Max(nowUs, planned) : _entered[i + 1].AtUs;
            all.Add(new SpanView(phase, at / 1000, end / 1000, false));
        }

        if (_endUs is not null) return all;
        var from = all.Count == 0 ? startUs / 1000 : all[^1].ToMs;
        var next = _entered.Count == 0 ? 0 : Order.IndexOf(_entered[^1].Phase) + 1;
        foreach (var phase in Order.Skip(next))
        {
            var length = (long)Length(phase).TotalMilliseconds;
            if (length > 0) all.Add(new SpanView(phase, from, from + length, true));
            from += length;
        }

        return all;
    }

    private List<LaneView> Lanes(List<SpanView> phases, long nowUs, long toMs)
    {
        var start = phases.Find(p => p.Name == Phases.Faults)?.FromMs;
        var over = _endUs is not null || Order.IndexOf(Phase) > Order.IndexOf(Phases.Faults);
        var names = experiment.Timeline.Faults.Select(f => (f.Name, f.Type, f.Place)).Concat(faults.All.Select(s => (Name: s.On.Fault, s.On.Type, Place: s.On.Link))).DistinctBy(f => f.Name);
        var closest = Math.Max(1, (toMs - (startUs / 1000)) / 400);
        return [.. names.Select(f => new LaneView(f.Name, f.Type, f.Place, Merged([.. Happened(f.Name), .. over || start is null ? [] : Coming(f.Name, start.Value)], closest)))];

        IEnumerable<SpanView> Happened(string name) => faults.All.Where(s => s.On.Fault == name)
            .Select(s => new SpanView(name, s.On.At / 1000, (s.OffUs ?? nowUs) / 1000, false));

        IEnumerable<SpanView> Coming(string name, long from)
        {
            var had = faults.All.Where(s => s.On.Fault == name).ToDictionary(s => s.On.Occurrence, s => s);
            foreach (var step in _steps.Steps.Where(s => s.On && s.Fault.Name == name))
            {
                var (begins, length) = (from + (long)step.At.TotalMilliseconds, (long)step.Fault.For.TotalMilliseconds);
                if (!had.TryGetValue(step.Occurrence, out var stretch)) yield return new SpanView(name, begins, begins + length, true);
                else if (stretch.OffUs is null && (stretch.On.At / 1000) + length > nowUs / 1000) yield return new SpanView(name, nowUs / 1000, (stretch.On.At / 1000) + length, true);
            }
        }
    }

    /// <summary>Occurrences that no eye could tell apart become one.</summary>
    private static List<SpanView> Merged(IEnumerable<SpanView> spans, long closestMs)
    {
        var all = new List<SpanView>();
        foreach (var span in spans.OrderBy(s => s.FromMs))
        {
            if (all.Count > 0 && all[^1].Planned == span.Planned && (span.FromMs - all[^1].ToMs < closestMs || all.Count >= MostSpans)) all[^1] = all[^1] with { ToMs = Math.Max(all[^1].ToMs, span.ToMs) };
            else all.Add(span);
        }

        return all;
    }

    private TimeSpan Length(string phase) => phase switch
    {
        Phases.World => WorldTakes,
        Phases.Baseline => experiment.Timeline.Baseline,
        Phases.Faults => _steps.Length,
        Phases.Recovery => experiment.Timeline.Recovery,
        Phases.Settle => SettleTakes,
        _ => TeardownTakes,
    };

    private static readonly List<string> Order = [Phases.World, Phases.Baseline, Phases.Faults, Phases.Recovery, Phases.Settle, Phases.Teardown];
}
