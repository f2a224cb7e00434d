using Chaos.Journal.Events;
using Chaos.Reports.Text;

namespace Chaos.Reports.Rehearsals;

/// <summary>The story of an incident in words, the same on the page and in Markdown.</summary>
internal static class IncidentText
{
    private static readonly (string Moment, string Name)[] Timed =
    [
        (RehearsalMoments.Detected, "to detect"), (RehearsalMoments.Diagnosed, "to diagnose"), (RehearsalMoments.Mitigated, "to mitigate"), (RehearsalMoments.Stable, "to stability"),
    ];

    public static string Heading(RehearsalResult r) => r.Started.Mode switch
    {
        RehearsalModes.Auto => $"{r.Started.Cause}, with the runbook (seed {r.Seed})",
        RehearsalModes.Nobody => $"{r.Started.Cause}, without the runbook (seed {r.Seed})",
        _ => $"{r.Started.Cause} (seed {r.Seed})",
    };

    /// <summary>What it was, and whether it was found out.</summary>
    public static string Finding(RehearsalResult r) => r.Started.CauseTitle + " " + r.FirstDiagnosis switch
    {
        null when r.Started.Mode == RehearsalModes.Nobody => "Nobody did anything.",
        null => "No cause was named.",
        { } named when r.NamedRightly => $"It was named: {named}.",
        var wrong => $"Named was {wrong} first.",
    };

    /// <summary>Each time with its figure.</summary>
    public static IEnumerable<(string Name, string Value)> Times(RehearsalResult r) => Timed.Select(t => ($"Time {t.Name}", r.Seconds(t.Moment) is { } s ? Words.Seconds(s) : "not reached"));

    /// <summary>What happened when, in seconds from the beginning of the fault; before it, from the first event.</summary>
    public static IEnumerable<(string At, string What, string Text)> Story(RehearsalResult r)
    {
        var origin = r.Events.OfType<RehearsalMoment>().FirstOrDefault(m => m.Moment == RehearsalMoments.Began)?.At ?? r.Events[0].At;
        foreach (var e in r.Events)
        {
            var (what, text) = e switch
            {
                RehearsalMoment m => (m.Moment, m.Title),
                RehearsalEntry { What: "action", Helped: true } a => (a.What, $"{a.Title} That helped."),
                RehearsalEntry { What: "action", Right: true, Helped: false } a => (a.What, $"{a.Title} The cause was elsewhere."),
                RehearsalEntry entry => (entry.What, entry.Title),
                FaultOn on when r.IsStanding(on) => ("before", $"{on.Fault} is on {on.Link}, all the time."),
                FaultOff off when r.IsStanding(off) => ("", ""),
                FaultOn on => ("fault", $"{on.Fault} is on {on.Link}."),
                FaultOff off => ("fault", $"{off.Fault} is off {off.Link}{(off.Reason == "schedule" ? ", by itself" : off.Reason == "undo" ? ", at the end" : "")}."),
                RehearsalEnded end => ("end", end.Title),
                _ => ("", ""),
            };
            if (what.Length > 0) yield return (Words.Invariant($"{(e.At - origin) / 1e6:0.0} s"), what, text);
        }
    }

    /// <summary>What was left out, a sentence each.</summary>
    public static IReadOnlyList<string> Missed(RehearsalResult r)
    {
        if (r.Started.Mode == RehearsalModes.Nobody) return [];
        var missed = r.Missed.Select(s => $"Nobody came to the step “{s.Title}”{(s.Cause == r.Started.Cause ? ", which finds the cause" : "")}.").ToList();
        if (r.FirstDiagnosis is null) missed.Add("The cause was never named.");
        if (r.Seconds(RehearsalMoments.Mitigated) is null && r.Reason is "stable" or "halted" or "expired") missed.Add("Nothing that was done took the cause's effect away.");
        missed.AddRange(r.InVain.Where(v => !r.Entries.Any(u => u.What == "undo" && u.Step == v.Step && u.At > v.At)).Select(v => $"This did not help and was not undone: {v.Title}"));
        return missed;
    }
}
