using System.Text.Json;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Reports.Tests.Samples;

/// <summary>Builds journals for tests: times are seconds from the start of the run.</summary>
internal sealed class SampleJournal
{
    public const long OriginUs = 1_790_000_000_000_000;

    private readonly List<JournalEvent> _events = [];
    private string? _experiment;

    public SampleJournal Add(double second, JournalEvent entry)
    {
        _events.Add(entry with { At = Us(second), X = entry is RunStarted or RunEnded ? null : _experiment });
        return this;
    }

    public static long Us(double second) => OriginUs + (long)Math.Round(second * 1e6);

    public SampleJournal RunStarts(string command = "./chaos run --seed 7") =>
        Add(0, new RunStarted(1, "2026-09-21-0007", 7, command, "0.1.0", 2, "Debian GNU/Linux 12"));

    public SampleJournal Experiment(string id, double at, string title = "A title", string checklist = "A line", object? definition = null, string? mutant = null)
    {
        _experiment = id;
        return Add(at, new ExperimentStarted(title, checklist, 42, mutant, JsonSerializer.SerializeToElement(definition ?? new { })));
    }

    public SampleJournal Phases(double at, double baseline, double faults, double recovery, double settle, double teardown)
    {
        Add(at, new PhaseEntered("world"));
        Add(baseline, new PhaseEntered("baseline"));
        Add(faults, new PhaseEntered("faults"));
        Add(recovery, new PhaseEntered("recovery"));
        Add(settle, new PhaseEntered("settle"));
        return Add(teardown, new PhaseEntered("teardown"));
    }

    public SampleJournal Fault(string name, string link, string type, double from, double to, int occurrence = 0, string reason = "schedule")
    {
        Add(from, new FaultOn(name, occurrence, link, type, "downstream", 1, JsonSerializer.SerializeToElement(new { })));
        return Add(to, new FaultOff(name, occurrence, link, reason));
    }

    public JournalContent Build(params string[] problems) => new([.. _events.OrderBy(e => e.At)], problems, false);
}
