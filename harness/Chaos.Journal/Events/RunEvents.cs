using System.Text.Json;

namespace Chaos.Journal.Events;

/// <summary>First line of every journal: says what wrote it and how to repeat it.</summary>
/// <param name="Format">Version of this format, see <see cref="JournalFormat.Version"/>.</param>
/// <param name="Run">Name of the run, also the name of its output folder.</param>
/// <param name="Seed">Seed from which every random decision of the run derives.</param>
/// <param name="Command">Command line that repeats this run.</param>
/// <param name="Tool">Version of the tool.</param>
/// <param name="Cores">Logical processors of the machine, for reading its figures in context.</param>
/// <param name="Os">Operating system of the machine.</param>
public sealed record RunStarted(int Format, string Run, long Seed, string Command, string Tool, int Cores, string Os) : JournalEvent;

/// <summary>Last line of a run that ended in order; its absence means that the run was killed.</summary>
public sealed record RunEnded(string Outcome, int ExitCode) : JournalEvent;

/// <summary>An experiment of the run that was not started, with the reason (for example: Node is not installed).</summary>
public sealed record ExperimentSkipped(string Title, string Reason) : JournalEvent;

/// <summary>An experiment begins. Carries everything a judge needs, so that the file is not needed later.</summary>
/// <param name="Title">What it shows, as a sentence.</param>
/// <param name="Checklist">The line of the checklist it belongs to.</param>
/// <param name="Seed">Seed of this experiment, derived from the run's seed and the experiment's id.</param>
/// <param name="Mutant">Name of the mutant that replaces a reference part in this run, or null.</param>
/// <param name="Definition">The resolved experiment (defaults and --set applied), as JSON.</param>
public sealed record ExperimentStarted(string Title, string Checklist, long Seed, string? Mutant, JsonElement Definition) : JournalEvent
{
    /// <summary>Why the experiment is run again, alone; null the first time. What the journal holds of it from before is kept, and judged by nobody.</summary>
    public string? Again { get; init; }
}

/// <summary>An experiment is over and everything it did is undone.</summary>
/// <param name="Reason">One of <see cref="EndReason"/>.</param>
/// <param name="Message">What happened, for every reason but completed.</param>
public sealed record ExperimentEnded(string Reason, string? Message) : JournalEvent;

/// <summary>Why an experiment ended.</summary>
public static class EndReason
{
    public const string Completed = "completed";
    public const string Interrupted = "interrupted";
    public const string Aborted = "aborted";
    public const string BaselineNotMet = "baseline-not-met";
    public const string Error = "error";
}

/// <summary>The experiment enters a phase; it lasts until the next one. See <see cref="Phases"/>.</summary>
public sealed record PhaseEntered(string Phase) : JournalEvent;

/// <summary>Names of the phases, in their order.</summary>
public static class Phases
{
    /// <summary>Processes start, clients connect and subscribe.</summary>
    public const string World = "world";

    /// <summary>Steady state before any fault.</summary>
    public const string Baseline = "baseline";

    /// <summary>From the first fault of the timeline to the removal of the last.</summary>
    public const string Faults = "faults";

    /// <summary>Steady state after the faults.</summary>
    public const string Recovery = "recovery";

    /// <summary>The feed has stopped; what is in flight arrives.</summary>
    public const string Settle = "settle";

    /// <summary>Clients and processes stop. Nothing after this is judged, apart from the ledger's closing lines.</summary>
    public const string Teardown = "teardown";
}

/// <summary>A part of the world was started: a gateway node, a store, a proxy, a fleet.</summary>
public sealed record PartStarted(string Name, string Role, string Address, int Pid) : JournalEvent;

/// <summary>A part of the world ended.</summary>
/// <param name="Expected">False when it ended by itself, which makes the experiment inconclusive at best.</param>
public sealed record PartEnded(string Name, string Role, int ExitCode, bool Expected) : JournalEvent;

/// <summary>What a world had left in a store that ran already was deleted.</summary>
/// <param name="Store">Name of the link to the store.</param>
/// <param name="Prefix">What the names of all that was the world's begin with.</param>
/// <param name="Keys">How many names were deleted.</param>
/// <param name="Problem">Why not all of it could be deleted; absent when it was.</param>
public sealed record StoreEmptied(string Store, string Prefix, long Keys, string? Problem) : JournalEvent;

/// <summary>The engine put a fault on a link or a node.</summary>
/// <param name="Fault">Name of the timeline entry.</param>
/// <param name="Occurrence">0 for the first, counting up where the entry repeats.</param>
/// <param name="Link">Name of the link, or of the node.</param>
/// <param name="Type">Type of the fault, as in the catalogue.</param>
/// <param name="Attributes">Its attributes, as given to the proxy.</param>
public sealed record FaultOn(string Fault, int Occurrence, string Link, string Type, string Stream, double Toxicity, JsonElement Attributes) : JournalEvent;

/// <summary>The engine removed a fault.</summary>
/// <param name="Reason">"schedule", "mitigated" (by an action of a runbook), "halt" (somebody pressed the stop button), "undo" (end, stop or crash of the experiment).</param>
public sealed record FaultOff(string Fault, int Occurrence, string Link, string Reason) : JournalEvent;

/// <summary>A fault, or its end, made a gateway process or a store leave; <c>at</c> is when it had ended.</summary>
/// <param name="Fault">Name of the timeline entry.</param>
/// <param name="Node">The node, such as <c>eu.gateway-2</c>, or the store, such as <c>eu.redis</c>.</param>
/// <param name="Part">Its process that left, as <c>part.started</c> names it.</param>
/// <param name="How">"drained" (told to send its sessions away, then stopped), "stopped" or "killed".</param>
/// <param name="Sessions">Sessions it had when it was told; connections, of a store.</param>
/// <param name="Left">Sessions it still had when it was stopped.</param>
/// <param name="ToldAt">When it was told.</param>
/// <param name="WindowMs">Over how long it said it would drain, in milliseconds; 0 where it was not asked.</param>
public sealed record NodeLeft(string Fault, int Occurrence, string Node, string Part, string How, int Sessions, int Left, long ToldAt, int WindowMs) : JournalEvent;

/// <summary>A fault keeps a gateway process or a store from running, entirely or in part, until it ends.</summary>
/// <param name="Fault">Name of the timeline entry.</param>
/// <param name="Node">The node, such as <c>eu.gateway-2</c>, or the store, such as <c>eu.redis</c>.</param>
/// <param name="Part">Its process, as <c>part.started</c> names it.</param>
/// <param name="How">"paused" or "throttled".</param>
/// <param name="Sessions">Sessions it had then; connections, of a store.</param>
public sealed record NodeHeld(string Fault, int Occurrence, string Node, string Part, string How, int Sessions) : JournalEvent;

/// <summary>A fault set the wall clock of a gateway process off, or right again; <c>at</c> is when the process had said so.</summary>
/// <param name="Fault">Name of the timeline entry.</param>
/// <param name="Node">The node, such as <c>eu.gateway-2</c>.</param>
/// <param name="Part">Its process, as <c>part.started</c> names it.</param>
/// <param name="OffsetMs">By how much its clock is ahead, in milliseconds; negative when it is behind, 0 when it is right again.</param>
/// <param name="Sessions">Sessions it had then.</param>
/// <param name="Judged">Connects that it decided about by a clock that was off, until now.</param>
public sealed record NodeClock(string Fault, int Occurrence, string Node, string Part, double OffsetMs, int Sessions, long Judged) : JournalEvent;

/// <summary>A probe was evaluated.</summary>
public sealed record ProbeSampled(string Probe, bool Ok, double? Value, string Message) : JournalEvent;

/// <summary>A stop condition was met; the experiment ends early and undoes everything.</summary>
public sealed record StopConditionMet(string Condition, double Observed, double Limit) : JournalEvent;

/// <summary>Counters and gauges read from a part's /metrics.</summary>
/// <param name="Part">Name of the part, such as <c>eu.gateway-1</c>.</param>
/// <param name="Values">Key: metric name with its labels in Prometheus' own notation, such as <c>chaos_publishes_total{outcome="ok"}</c>.</param>
public sealed record MetricsSampled(string Part, IReadOnlyDictionary<string, double> Values) : JournalEvent;

/// <summary>Who used the processors of the machine since the reading before. Only where the machine tells (Linux).</summary>
/// <param name="Own">Share of all processors, 0 to 1, that the processes of the run took.</param>
/// <param name="Others">Share that other programs took, or the hypervisor gave to other machines.</param>
/// <param name="Idle">Share that was left; interrupts are the rest.</param>
public sealed record MachineSampled(double Own, double Others, double Idle) : JournalEvent;

/// <summary>What a region keeps of a channel, read when all was delivered; in a world of several regions.</summary>
/// <param name="Region">The region whose gateway was asked.</param>
/// <param name="Messages">Idempotency keys of the feed's messages (<c>c-0001/17</c>: publisher and number), oldest first.</param>
public sealed record HistoryRead(string Region, string Channel, IReadOnlyList<string> Messages) : JournalEvent;

/// <summary>Something in the harness itself failed. Makes the experiment a probe-error or error.</summary>
public sealed record HarnessFailed(string Where, string Message) : JournalEvent;
