namespace Chaos.Journal.Events;

// What happens in a rehearsal of a runbook. Each line that a person may want to see carries a `Title`, short enough for one line of a page.

/// <summary>A runbook is gone through against a live fault. Its seed is that of the experiment it stands in.</summary>
/// <param name="Title">What the runbook is for, as a sentence.</param>
/// <param name="Runbook">Id of the runbook.</param>
/// <param name="Mode">One of <see cref="RehearsalModes"/>.</param>
/// <param name="Cause">The cause that is injected. Whoever shows a rehearsal to the person who does it keeps it to himself.</param>
/// <param name="CauseTitle">The cause as a sentence.</param>
/// <param name="Steps">The steps of the runbook, in their order.</param>
/// <param name="StableForMs">How long all budgets must be met until the system counts as stable, in milliseconds.</param>
/// <param name="MustName">Share of automatic rehearsals that must name the cause, 0 to 1.</param>
/// <param name="MustTake">Most that the median time to stability may be of that without the runbook; 0.5 is half.</param>
/// <param name="Standing">Names of the faults that are on all the time and have nothing to do with the cause; null in journals of versions that did not say.</param>
public sealed record RehearsalStarted(string Title, string Runbook, string Mode, string Cause, string CauseTitle, IReadOnlyList<RehearsalStep> Steps, double StableForMs,
    double MustName, double MustTake, IReadOnlyList<string>? Standing = null) : JournalEvent
{
    /// <summary>Whether an event is about a fault that is on all the time and has nothing to do with the cause.</summary>
    public bool IsStanding(JournalEvent e) => (e switch { FaultOn on => on.Fault, FaultOff off => off.Fault, _ => null }) is { } fault && Standing?.Contains(fault) == true;
}

/// <summary>A step of a runbook.</summary>
/// <param name="Id">Unique in the runbook.</param>
/// <param name="Title">What is to be done, as a sentence.</param>
/// <param name="Cause">The cause that its probe finds; null without a probe.</param>
/// <param name="Action">What its action does, in words; null without one.</param>
public sealed record RehearsalStep(string Id, string Title, string? Cause, string? Action);

/// <summary>Who goes through the runbook.</summary>
public static class RehearsalModes
{
    /// <summary>A person at a terminal.</summary>
    public const string Person = "person";

    /// <summary>The harness, step by step.</summary>
    public const string Auto = "auto";

    /// <summary>Nobody: how long it takes without a runbook.</summary>
    public const string Nobody = "nobody";
}

/// <summary>How the fleet is, over the last few seconds; read twice a second.</summary>
/// <param name="P50Ms">Median of publish to delivered; null when nothing was delivered.</param>
/// <param name="P95Ms">Its 95th percentile.</param>
/// <param name="P99Ms">Its 99th percentile.</param>
/// <param name="ErrorShare">Share of publishes that were refused, 0 to 1.</param>
/// <param name="ConnectedShare">Share of clients that are connected, 0 to 1.</param>
/// <param name="Broken">The budgets that are not met, each in words; none when all are.</param>
public sealed record RehearsalVitals(double? P50Ms, double? P95Ms, double? P99Ms, double ErrorShare, double ConnectedShare, IReadOnlyList<string> Broken) : JournalEvent;

/// <summary>A moment that is timed.</summary>
/// <param name="Moment">One of <see cref="RehearsalMoments"/>.</param>
/// <param name="Title">What was reached, in words.</param>
/// <param name="AfterMs">Time from the beginning of the fault, in milliseconds. For <c>stable</c> it is the beginning of the time in which all budgets were met.</param>
public sealed record RehearsalMoment(string Moment, string Title, double AfterMs) : JournalEvent;

/// <summary>Names of the moments, in their order.</summary>
public static class RehearsalMoments
{
    /// <summary>The cause begins to act.</summary>
    public const string Began = "began";

    /// <summary>Two readings one after the other were beyond a budget: the alarm.</summary>
    public const string Detected = "detected";

    /// <summary>The cause was named, and it is the right one.</summary>
    public const string Diagnosed = "diagnosed";

    /// <summary>An action took the cause's effect away.</summary>
    public const string Mitigated = "mitigated";

    /// <summary>All budgets were met for as long as the runbook asks.</summary>
    public const string Stable = "stable";
}

/// <summary>Something that was done, said or found.</summary>
/// <param name="What">"step", "look", "finding", "diagnosis", "action", "undo", "note", "hint" or "halt".</param>
/// <param name="Step">Id of the step that it belongs to, or null.</param>
/// <param name="Title">It in words.</param>
/// <param name="Value">Of a finding: what the probe measured; null when there was no reading.</param>
/// <param name="Limit">Of a finding: what it was compared with.</param>
/// <param name="Cause">Of a finding: the cause that it names, null when it names none; of a diagnosis: the cause that was named.</param>
/// <param name="Right">Of a diagnosis: whether it is the cause; of an action or its undoing: whether it could be carried out.</param>
/// <param name="Helped">Of an action: whether it took the cause's effect away.</param>
public sealed record RehearsalEntry(string What, string? Step, string Title, double? Value = null, double? Limit = null, string? Cause = null, bool? Right = null,
    bool? Helped = null) : JournalEvent;

/// <summary>The rehearsal is over.</summary>
/// <param name="Reason">"stable", "undetected" (no budget was ever broken), "halted" (by whoever did it) or "expired" (it took too long).</param>
/// <param name="Title">It in words.</param>
public sealed record RehearsalEnded(string Reason, string Title) : JournalEvent;
