using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Reports.Tests.Samples;

/// <summary>Journals of rehearsals: the cause is a bad release, and the steps that find it are the last of four.</summary>
internal static class SampleRehearsal
{
    private const double Began = 10;

    private static readonly RehearsalStep[] Steps =
    [
        new("upstream-latency", "Is the store slow?", "store-slow", "let eu.redis take its spare way"),
        new("imbalance", "Is one region full while the other is empty?", "clients-elsewhere", "let the clients of eu go to eu again"),
        new("storm", "Do clients come and go?", null, null),
        new("recent-changes", "Do errors come from a node that was changed?", "bad-release", "roll back eu.gateway-2"),
    ];

    /// <summary>A person who first takes it for something else, leaves that as it is, passes two steps over and finds it in the end.</summary>
    /// <param name="note">What the person writes down.</param>
    public static JournalContent Person(string note = "Two customers call.")
    {
        var journal = Start(new SampleJournal().RunStarts("./chaos rehearse live-sockets.yaml --seed 42"), RehearsalModes.Person, "live-42-person", 0);
        Says(journal, 2.5, "step", "upstream-latency", "Is the store slow?");
        Says(journal, 3, "look", "upstream-latency", "dependency_p50_ms 3 ms");
        Says(journal, 4, "note", "upstream-latency", note);
        journal.Add(Began + 5, new RehearsalEntry("finding", "upstream-latency", "dependency_p50_ms 3 ms, above 75 would be store-slow: not it.", 3, 75));
        journal.Add(Began + 6, new RehearsalEntry("diagnosis", "upstream-latency", "Diagnosis: The store is slow.", Cause: "store-slow", Right: false));
        journal.Add(Began + 7, new RehearsalEntry("action", "upstream-latency", "eu.redis takes its spare way.", Right: true, Helped: false));
        Says(journal, 9, "hint", "recent-changes", "Errors that began with a release end with it.");
        journal.Add(Began + 10, new RehearsalEntry("diagnosis", "recent-changes", "Diagnosis: A new release refuses publishes.", Cause: "bad-release", Right: true));
        Reaches(journal, 10, RehearsalMoments.Diagnosed, "Diagnosed: A new release refuses publishes.");
        return Mitigated(journal, 12, 14).Build();
    }

    /// <summary>The harness with the runbook.</summary>
    public static JournalContent Auto() => Auto(new SampleJournal().RunStarts()).Add(90, new RunEnded("passed", 0)).Build();

    /// <summary>The same, and then nobody.</summary>
    public static JournalContent WithAndWithout()
    {
        var journal = Start(Auto(new SampleJournal().RunStarts()), RehearsalModes.Nobody, "live-42-nobody", 100);
        journal.Add(100 + Began + 60, new FaultOff("v2", 0, "eu.gateway-2", "schedule"));
        return Stable(journal, 100, 61).Add(200, new RunEnded("passed", 0)).Build();
    }

    /// <summary>Nobody finds it, and nothing ends it.</summary>
    public static JournalContent Expired()
    {
        var journal = Start(new SampleJournal().RunStarts(), RehearsalModes.Auto, "live-42-auto", 0);
        journal.Add(Began + 5, new RehearsalEntry("finding", "upstream-latency", "dependency_p50_ms has 0 readings, which is too few to tell."));
        journal.Add(Began + 60, new RehearsalEnded("expired", "It was not stable again within 60 s.")).Add(Began + 61, new ExperimentEnded(EndReason.Completed, null));
        return journal.Build();
    }

    private static SampleJournal Auto(SampleJournal journal)
    {
        Start(journal, RehearsalModes.Auto, "live-42-auto", 0);
        foreach (var (step, i) in Steps.Where(s => s.Cause is not null).Select((s, i) => (s, i)))
            journal.Add(Began + 3 + i, new RehearsalEntry("finding", step.Id, $"{step.Cause}: {(i == 2 ? "found" : "not it")}.", i, 3, i == 2 ? step.Cause : null));
        journal.Add(Began + 6, new RehearsalEntry("diagnosis", "recent-changes", "Diagnosis: A new release refuses publishes.", Cause: "bad-release", Right: true));
        Reaches(journal, 6, RehearsalMoments.Diagnosed, "Diagnosed: A new release refuses publishes.");
        return Mitigated(journal, 7, 9);
    }

    private static SampleJournal Start(SampleJournal journal, string mode, string id, double at)
    {
        journal.Experiment(id, at, "Latency spikes or disconnect rates increase.");
        journal.Add(at, new RehearsalStarted("Latency spikes or disconnect rates increase.", "live-sockets", mode, "bad-release", "A new release refuses publishes.", Steps, 8000, 0.95, 0.5, ["lines"]));
        journal.Add(at + 5, new ClientConnected("c-0001", "eu.gateway-2", false, null)).Add(at + 9, new PhaseEntered(Phases.Faults));
        journal.Add(at + 4, new FaultOn("lines", 0, "eu.clients", "bandwidth", "downstream", 1, default));
        Reaches(journal, at, RehearsalMoments.Began, "The cause begins to act.", 0);
        journal.Add(at + Began + 0.1, new FaultOn("v2", 0, "eu.gateway-2", "release", "both", 1, default));
        Reaches(journal, at + 2, RehearsalMoments.Detected, "Alarm: 40 % of publishes are refused, 15 % may be.", 2);
        return journal;
    }

    /// <param name="atSecond">When the roll-back was done, after the beginning of the fault.</param>
    /// <param name="stableSecond">When all was well again.</param>
    private static SampleJournal Mitigated(SampleJournal journal, double atSecond, double stableSecond)
    {
        journal.Add(Began + atSecond, new FaultOff("v2", 0, "eu.gateway-2", "mitigated"));
        journal.Add(Began + atSecond, new RehearsalEntry("action", "recent-changes", "eu.gateway-2 was rolled back and drained.", Right: true, Helped: true));
        Reaches(journal, atSecond, RehearsalMoments.Mitigated, "Mitigated: eu.gateway-2 was rolled back and drained.");
        return Stable(journal, 0, stableSecond);
    }

    private static SampleJournal Stable(SampleJournal journal, double at, double second)
    {
        journal.Add(at + Began + second + 8, new RehearsalMoment(RehearsalMoments.Stable, "Stable: all budgets met for 8 s.", second * 1000));
        journal.Add(at + Began + second + 9, new FaultOff("lines", 0, "eu.clients", "undo"));
        return journal.Add(at + Began + second + 8, new RehearsalEnded("stable", "The system is stable again.")).Add(at + Began + second + 9, new ExperimentEnded(EndReason.Completed, null));
    }

    private static void Says(SampleJournal journal, double second, string what, string step, string text) => journal.Add(Began + second, new RehearsalEntry(what, step, text));

    private static void Reaches(SampleJournal journal, double second, string moment, string title, double? afterSeconds = null) =>
        journal.Add(Began + second, new RehearsalMoment(moment, title, (afterSeconds ?? second) * 1000));
}
