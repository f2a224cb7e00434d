using System.Collections.Concurrent;
using System.Globalization;
using Chaos.Experiments.Definitions;
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

    public override void Starting(ExperimentDefinition experiment, string? mutant, int number, int total, TimeSpan expected) =>
        Line($"[{number}/{total}] {experiment.Id}{(mutant is null ? "" : $" with {mutant}")}: {experiment.Title} ({experiment.Fleet.Count} {experiment.Fleet.Client} clients, about {expected.TotalSeconds:0} s)");

    public override void Phase(ExperimentDefinition experiment, string phase)
    {
        var figures = _last.TryGetValue(experiment.Id, out var f)
            ? string.Create(CultureInfo.InvariantCulture, $" ({f.Connected}/{f.Clients} connected, {f.Delivered} delivered, p99 {f.DeliveryP99Ms:0.0} ms)")
            : "";
        Line($"  {Of(experiment)}{phase}{figures}");
        if (phase == Chaos.Journal.Events.Phases.Teardown) _last.TryRemove(experiment.Id, out _);
    }

    public override void Fault(ExperimentDefinition experiment, string description, bool on)
    {
        // A fault that repeats every fraction of a second would drown everything else.
        if (experiment.Timeline.Faults.All(f => f.Repeat is null)) Line($"    {Of(experiment)}{(on ? "on " : "off")} {description}");
    }

    public override void Tick(ExperimentDefinition experiment, FleetSnapshot figures, IReadOnlyCollection<string> activeFaults, TimeSpan elapsed) => _last[experiment.Id] = figures;

    public override void Ended(ExperimentDefinition experiment, ExperimentVerdict verdict) =>
        Line($"  {Of(experiment)}{ExitCodes.NameOf(verdict.Outcome)}: {verdict.Sentence}");

    public override void Skipped(ExperimentDefinition experiment, string reason) => Line($"skipped {experiment.Id}: {reason}");

    public override void Note(string text) => Line(text);

    /// <summary>Lines of experiments that run side by side must say whose they are.</summary>
    private static string Of(ExperimentDefinition experiment) => experiment.SharesMachine ? $"{experiment.Id}: " : "";

    private void Line(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
