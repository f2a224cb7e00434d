using System.Collections.Concurrent;
using System.Globalization;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Load.Fleets;

namespace Chaos.Cli.Terminal;

/// <summary>Progress as plain lines, for pipes and logs: one for each experiment, phase and fault, and none for every tick.</summary>
internal sealed class PlainProgress(TextWriter output) : Progress
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, FleetSnapshot> _last = new(StringComparer.Ordinal);

    public override void Begin(RunIdentity run, int experiments) =>
        Line($"Run {run.Name}: {experiments} {(experiments == 1 ? "experiment" : "experiments")}, seed {run.Seed}. Repeat with: {run.Command}");

    public override void Starting(PlannedRun run, int number, int total, TimeSpan expected) =>
        Line($"[{number}/{total}] {run.Experiment.Id}{(run.Mutant is null ? "" : $" with {run.Mutant}")}: {run.Experiment.Title} ({run.Experiment.Fleet.Count} {run.Experiment.Fleet.Client} clients, about {expected.TotalSeconds:0} s)");

    public override void Phase(PlannedRun run, string phase)
    {
        var figures = _last.TryGetValue(run.Id, out var f)
            ? string.Create(CultureInfo.InvariantCulture, $" ({f.Connected}/{f.Clients} connected, {f.Delivered} delivered, p99 {f.DeliveryP99Ms:0.0} ms)")
            : "";
        Line($"  {Of(run)}{phase}{figures}");
        if (phase == Chaos.Journal.Events.Phases.Teardown) _last.TryRemove(run.Id, out _);
    }

    public override void Fault(PlannedRun run, string description, bool on)
    {
        // A fault that repeats every fraction of a second would drown everything else.
        if (run.Experiment.Timeline.Faults.All(f => f.Repeat is null)) Line($"    {Of(run)}{(on ? "on " : "off")} {description}");
    }

    public override void Tick(PlannedRun run, FleetSnapshot figures, IReadOnlyCollection<string> activeFaults, TimeSpan elapsed) => _last[run.Id] = figures;

    public override void Ended(PlannedRun run, ExperimentVerdict verdict) =>
        Line($"  {Of(run)}{ExitCodes.NameOf(verdict.Outcome)}: {verdict.Sentence}");

    public override void Skipped(PlannedRun run, string reason) => Line($"skipped {run.Experiment.Id}: {reason}");

    public override void Note(string text) => Line(text);

    private void Line(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
