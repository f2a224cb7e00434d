using System.Globalization;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Journal.Verdicts;
using Chaos.Load.Fleets;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>Progress in a terminal: finished experiments stand, the running one is a line that is redrawn in place.</summary>
internal sealed class LiveProgress : Progress
{
    private const string EraseLine = "\r\u001b[2K";
    private readonly Lock _gate = new();
    private TimeSpan _expected;
    private string _phase = "";
    private string _id = "";
    private bool _lineIsOpen;

    public override void Begin(RunIdentity run, int experiments) => Above(() =>
        AnsiConsole.Write(new Text($"{experiments} {(experiments == 1 ? "experiment" : "experiments")}, seed {run.Seed}. Ctrl-C undoes every fault and ends.\n", new Style(Color.Grey))));

    public override void Starting(ExperimentDefinition experiment, string? mutant, int number, int total, TimeSpan expected)
    {
        _expected = expected;
        _id = mutant is null ? experiment.Id : $"{experiment.Id} + {mutant}";
        Above(() => AnsiConsole.Write(new Text($"[{number}/{total}] {_id}: {experiment.Title}\n", new Style(decoration: Decoration.Bold))));
    }

    public override void Phase(ExperimentDefinition experiment, string phase)
    {
        _phase = phase;
        Redraw($"  {phase} …");
    }

    public override void Fault(ExperimentDefinition experiment, string description, bool on)
    {
        if (experiment.Timeline.Faults.All(f => f.Repeat is null))
            Above(() => AnsiConsole.Write(new Text($"  {(on ? "fault on " : "fault off")} {description}\n", new Style(on ? Color.Red : Color.Green))));
    }

    public override void Tick(ExperimentDefinition experiment, FleetSnapshot figures, IReadOnlyCollection<string> activeFaults, TimeSpan elapsed)
    {
        const int width = 20;
        var share = Math.Clamp(elapsed / _expected, 0, 1);
        var filled = (int)(share * width);
        var bar = new string('━', filled) + new string('─', width - filled);
        var faults = activeFaults.Count == 0 ? "" : $"  ⚡ {string.Join(", ", activeFaults)}";
        Redraw(string.Create(CultureInfo.InvariantCulture,
            $"  {bar} {_phase,-9} {figures.Connected}/{figures.Clients} connected  {figures.Delivered} delivered  p50 {figures.DeliveryP50Ms:0.0}  p99 {figures.DeliveryP99Ms:0.0} ms{faults}"));
    }

    public override void Ended(ExperimentDefinition experiment, ExperimentVerdict verdict) => Above(() =>
    {
        AnsiConsole.Write("  ");
        AnsiConsole.Write(VerdictTable.Word(verdict.Outcome));
        AnsiConsole.Write(new Text($": {verdict.Sentence}\n"));
    });

    public override void Skipped(ExperimentDefinition experiment, string reason) => Above(() =>
        AnsiConsole.Write(new Text($"skipped {experiment.Id}: {reason}\n", new Style(Color.Grey))));

    public override void Note(string text) => Above(() => AnsiConsole.Write(new Text(text + "\n", new Style(Color.Grey))));

    private void Redraw(string text)
    {
        lock (_gate)
        {
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

    public override void Dispose()
    {
        lock (_gate)
        {
            if (_lineIsOpen) Console.Out.Write(EraseLine);
        }

        base.Dispose();
    }
}
