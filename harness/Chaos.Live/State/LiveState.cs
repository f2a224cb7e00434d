namespace Chaos.Live.State;

/// <summary>Everything that the page shows: a function of the journal so far. Times are milliseconds since the Unix epoch.</summary>
/// <param name="Run">The run; null before the journal's first line.</param>
/// <param name="AsOfMs">Time of the latest event.</param>
/// <param name="Experiments">All experiments so far, in the order in which they began.</param>
/// <param name="Shown">Those that run now; when none does, the one that ended last.</param>
/// <param name="Control">Addresses of the proxies that run now: where faults can be halted.</param>
public sealed record LiveState(RunView? Run, long AsOfMs, IReadOnlyList<ExperimentLine> Experiments, IReadOnlyList<ExperimentView> Shown, IReadOnlyList<string> Control);

/// <summary>The run as a whole.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Command">Command that repeats it.</param>
/// <param name="Outcome">Its outcome; null while it goes on.</param>
public sealed record RunView(string Name, long Seed, string Command, string? Outcome);

/// <summary>One experiment among the others.</summary>
/// <param name="Id">Its id, with the mutant's name where there is one.</param>
/// <param name="Title">What it shows.</param>
/// <param name="State">"running", "ended" or "skipped".</param>
/// <param name="Outcome">Its outcome, once it has been judged.</param>
/// <param name="Sentence">The verdict, or the reason why it was skipped.</param>
/// <param name="Faults">Faults that are on in it now.</param>
public sealed record ExperimentLine(string Id, string Title, string State, string? Outcome, string? Sentence, int Faults);

/// <summary>An experiment in full.</summary>
/// <param name="IsSimulated">It happens in virtual time: there are clients and limits, and neither nodes nor messages.</param>
/// <param name="Phase">The phase that it is in; "ended" after the last.</param>
/// <param name="Halt">Set once somebody pressed the stop button.</param>
/// <param name="End">Why it ended; null while it runs.</param>
/// <param name="Verdict">Null before it was judged.</param>
/// <param name="Rehearsal">Set while a person is to find out what is wrong, and faults are not told.</param>
/// <param name="Faults">What is on now, the oldest first.</param>
/// <param name="Series">Figures second by second since the experiment began.</param>
public sealed record ExperimentView(string Id, string Title, string Checklist, string? Mutant, bool IsSimulated, string Phase, long StartedMs, HaltView? Halt, EndView? End, VerdictView? Verdict, RehearsalView? Rehearsal,
    IReadOnlyList<FaultView> Faults, ConnectionsView Connections, IReadOnlyList<LatencyView> Latencies, IReadOnlyList<ErrorView> Errors, AlertsView Alerts, WorldView World,
    TimelineView Timeline, SeriesView Series);

/// <summary>The stop button was pressed.</summary>
public sealed record HaltView(long AtMs, string? Reason);

/// <summary>Why an experiment ended.</summary>
public sealed record EndView(long AtMs, string Reason, string? Message);

/// <summary>A rehearsal whose cause is kept back.</summary>
/// <param name="Alarm">What was noticed; null before anything was.</param>
public sealed record RehearsalView(string? Alarm);

/// <summary>The verdict.</summary>
public sealed record VerdictView(string Outcome, string Sentence);

/// <summary>A fault that is on.</summary>
/// <param name="Name">Its name in the timeline.</param>
/// <param name="Type">Type, as in the catalogue.</param>
/// <param name="Place">The link, node or pair of regions.</param>
/// <param name="Detail">What it does in numbers, and to whom: <c>latency 80, jitter 40 · upstream · 20 % of connections</c>.</param>
/// <param name="SinceMs">Since when.</param>
/// <param name="UntilMs">Until when it is planned; null where no plan says.</param>
public sealed record FaultView(string Name, string Type, string Place, string Detail, long SinceMs, long? UntilMs);

/// <summary>The fleet's connections.</summary>
/// <param name="Expected">Number of clients.</param>
/// <param name="Connected">Clients that are connected now.</param>
/// <param name="ReconnectsPerSecond">Over the last seconds.</param>
/// <param name="Reconnects">Since the experiment began.</param>
/// <param name="AttemptsPerSecond">Attempts to connect, over the last seconds.</param>
public sealed record ConnectionsView(int Expected, int Connected, double ReconnectsPerSecond, long Reconnects, double AttemptsPerSecond);

/// <summary>Percentiles over the last seconds; null without a sample.</summary>
/// <param name="Name">"delivery" (publish to delivery) or "round trip" (publish to its reply).</param>
public sealed record LatencyView(string Name, double? P50Ms, double? P95Ms, double? P99Ms, long Sample);

/// <summary>Errors of one class at one endpoint.</summary>
/// <param name="Class">Class with its code, such as <c>handshake 503</c>.</param>
/// <param name="Endpoint">"connect", "connection", "publish", "subscribe" or "client".</param>
/// <param name="Recent">In the last seconds.</param>
/// <param name="Total">Since the experiment began.</param>
public sealed record ErrorView(string Class, string Endpoint, int Recent, long Total);

/// <summary>Alerts over the gateway's metrics.</summary>
/// <param name="Note">Why nothing is evaluated, or how time is compressed; null where there is nothing to say.</param>
public sealed record AlertsView(IReadOnlyList<AlertView> On, string? Note);

/// <summary>An alert that fires, or is about to.</summary>
public sealed record AlertView(string Name, string Title, string Severity, bool Fires, long SinceMs, string Team, string? Owner, string Runbook);

/// <summary>Regions, and the links between them.</summary>
public sealed record WorldView(string Name, IReadOnlyList<RegionView> Regions, IReadOnlyList<LinkView> Links);

/// <summary>A region.</summary>
/// <param name="Clients">Clients that live there; 0 where the fleet knows another link.</param>
/// <param name="Store">Kind of its store; null beside a gateway of one's own.</param>
/// <param name="HasUpstream">Whether its nodes ask an HTTP service.</param>
public sealed record RegionView(string Name, int Clients, IReadOnlyList<NodeView> Nodes, string? Store, bool HasUpstream);

/// <summary>A gateway node.</summary>
/// <param name="State">"starting", "up", "down", "paused", "throttled", "external", "modelled" in a simulation, or "ended" with the experiment.</param>
/// <param name="Connections">Clients that are connected to it.</param>
/// <param name="Fault">The fault that is on it; null for none.</param>
public sealed record NodeView(string Name, string State, int Connections, string? Fault);

/// <summary>A link.</summary>
/// <param name="From">The region that connects.</param>
/// <param name="To">The region that it connects to; null within one.</param>
/// <param name="RttMs">Round-trip time between the two.</param>
/// <param name="Open">Connections on it now.</param>
/// <param name="Faults">Faults that are on it now, by type.</param>
public sealed record LinkView(string Name, string From, string? To, double RttMs, long Open, IReadOnlyList<string> Faults);

/// <summary>The experiment's plan, and how much of it has happened.</summary>
public sealed record TimelineView(long FromMs, long ToMs, IReadOnlyList<SpanView> Phases, IReadOnlyList<LaneView> Faults, IReadOnlyList<MarkView> Marks);

/// <summary>A stretch of time.</summary>
/// <param name="Planned">True where it is still to come.</param>
public sealed record SpanView(string Name, long FromMs, long ToMs, bool Planned);

/// <summary>One fault's stretches of time.</summary>
public sealed record LaneView(string Name, string Type, string Place, IReadOnlyList<SpanView> Spans);

/// <summary>Something that happened.</summary>
/// <param name="Kind">"alert", "resolved", "node", "halt", "trouble", "standing", or the kind of the journal's line.</param>
public sealed record MarkView(long AtMs, string Kind, string Title);

/// <summary>Figures by the second; null where there was nothing to measure.</summary>
public sealed record SeriesView(IReadOnlyList<int> Connected, IReadOnlyList<double?> P50Ms, IReadOnlyList<double?> P99Ms, IReadOnlyList<int> Reconnects, IReadOnlyList<int> Errors);
