using System.Globalization;
using Chaos.Experiments.Engine.Runs;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Load.Fleets;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>Progress in a terminal: finished experiments stand, what runs now is one line that is redrawn in place.</summary>
internal sealed class LiveProgress : Progress
{
    private const string EraseLine = "\r\u001b[2K";
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Running> _running = new(StringComparer.Ordinal);
    private bool _lineIsOpen;

    public override void Begin(RunIdentity run, int experiments) => Above(() =>
        AnsiConsole.Write(new Text($"{experiments} {(experiments == 1 ? "experiment" : "experiments")}, seed {run.Seed}. Ctrl-C undoes every fault and ends.\n", new Style(Color.Grey))));

    public override void Starting(PlannedRun run, int number, int total, TimeSpan expected) => Above(() =>
    {
        _running[run.Id] = new Running(expected);
        AnsiConsole.Write(new Text($"[{number}/{total}] {run.Experiment.Id}{(run.Mutant is null ? "" : $" + {run.Mutant}")}: {run.Experiment.Title}\n", new Style(decoration: Decoration.Bold)));
    });

    public override void Phase(PlannedRun run, string phase) => Redraw(run, r => r with { Phase = phase });

    public override void Fault(PlannedRun run, string description, bool on)
    {
        if (run.Experiment.Timeline.Faults.Any(f => f.Repeat is not null)) return;
        Above(() => AnsiConsole.Write(new Text($"  {Of(run)}{(on ? "fault on " : "fault off")} {description}\n", new Style(on ? Color.Red : Color.Green))));
    }

    public override void Tick(PlannedRun run, FleetSnapshot figures, IReadOnlyCollection<string> activeFaults, TimeSpan elapsed) =>
        Redraw(run, r => r with { Figures = figures, Faults = activeFaults, Elapsed = elapsed });

    public override void Ended(PlannedRun run, ExperimentVerdict verdict) => Above(() =>
    {
        _running.Remove(run.Id);
        AnsiConsole.Write(HasCompany(run) ? $"  {run.Id} " : "  ");
        AnsiConsole.Write(VerdictTable.Word(verdict.Outcome));
        AnsiConsole.Write(new Text($": {verdict.Sentence}\n"));
    });

    public override void Skipped(PlannedRun run, string reason) => Above(() =>
        AnsiConsole.Write(new Text($"skipped {run.Experiment.Id}: {reason}\n", new Style(Color.Grey))));

    public override void Note(string text) => Above(() => AnsiConsole.Write(new Text(text + "\n", new Style(Color.Grey))));

    public override void Dispose()
    {
        lock (_gate)
        {
            if (_lineIsOpen) Console.Out.Write(EraseLine);
        }

        base.Dispose();
    }

    private void Redraw(PlannedRun run, Func<Running, Running> change)
    {
        lock (_gate)
        {
            _running[run.Id] = change(_running.GetValueOrDefault(run.Id) ?? new Running(TimeSpan.FromSeconds(30)));
            // Side by side there is no room for figures: what is in which phase is what matters.
            var text = _running.Count == 1 ? _running.Values.First().Line() : "  " + string.Join("  ·  ", _running.Select(r => $"{r.Key} {r.Value.Phase}"));
            var width = Math.Max(20, Console.WindowWidth - 1);
            Console.Out.Write(EraseLine + (text.Length > width ? text[..width] : text));
            Console.Out.Flush();
            _lineIsOpen = true;
        }
    }

    private void Above(Action write)
    {
        lock (_gate)
        {
            if (_lineIsOpen) Console.Out.Write(EraseLine);
            _lineIsOpen = false;
            write();
        }
    }

    private sealed record Running(TimeSpan Expected)
    {
        private const int Width = 20;

        public string Phase { get; init; } = Phases.World;

        public FleetSnapshot? Figures { get; init; }

        public IReadOnlyCollection<string> Faults { get; init; } = [];

        public TimeSpan Elapsed { get; init; }

        public string Line()
        {
            if (Figures is not { } figures) return $"  {Phase} …";
            var filled = (int)(Math.Clamp(Elapsed / Expected, 0, 1) * Width);
            var bar = new string('━', filled) + new string('─', Width - filled);
            var faults = Faults.Count == 0 ? "" : $"  ⚡ {string.Join(", ", Faults)}";
            return string.Create(CultureInfo.InvariantCulture,
                $"  {bar} {Phase,-9} {figures.Connected}/{figures.Clients} connected  {figures.Delivered} delivered  p50 {figures.DeliveryP50Ms:0.0}  p99 {figures.DeliveryP99Ms:0.0} ms{faults}");
        }
    }
}
