namespace Chaos.Journal.Events;

// The proxy writes these lines itself (it depends on nothing of the harness); the engine copies them into the
// journal and adds the experiment's id. `Conn` is the ordinal of the connection on its link, counted from 1.

/// <summary>The proxy accepted a connection.</summary>
/// <param name="Labels">What is known of it: <c>client</c>, <c>path</c>, <c>region</c>; <c>method</c> where it is a plain HTTP request; empty for plain TCP.</param>
public sealed record LedgerOpened(string Link, long Conn, IReadOnlyDictionary<string, string>? Labels) : JournalEvent;

/// <summary>A WebSocket handshake was answered.</summary>
/// <param name="Status">HTTP status that the client got; 101 is success; 0 when the connection was cut without an answer.</param>
/// <param name="By">Who answered: "upstream" or "fault".</param>
/// <param name="Client">Label of the client, if it told one.</param>
/// <param name="ArrivedAt">When the request arrived (microseconds since the epoch); <see cref="JournalEvent.At"/> is when it was answered.</param>
public sealed record LedgerHandshake(string Link, long Conn, string? Client, int Status, string By, long ArrivedAt) : JournalEvent;

/// <summary>A plain HTTP request was answered. Each request has an ordinal of its own, as a connection has.</summary>
/// <param name="Status">HTTP status that the client got; 0 when it got none.</param>
/// <param name="By">Who answered: "upstream" or "fault".</param>
/// <param name="Client">Label of the client, if it told one.</param>
/// <param name="ArrivedAt">When the request arrived (microseconds since the epoch); <see cref="JournalEvent.At"/> is when its answer began.</param>
public sealed record LedgerAnswer(string Link, long Conn, string? Client, int Status, string By, long ArrivedAt) : JournalEvent;

/// <summary>A proxied connection is over.</summary>
/// <param name="By">Who ended it first: "client", "upstream", "fault" or "proxy" (shutdown).</param>
/// <param name="How">"fin", "rst" or "close" (a WebSocket close frame).</param>
/// <param name="Code">WebSocket close code, when a close frame was seen.</param>
/// <param name="Fault">Name of the fault that ended it, when one did.</param>
/// <param name="BytesUp">Bytes delivered to the upstream.</param>
/// <param name="BytesDown">Bytes delivered to the client.</param>
/// <param name="FramesUp">WebSocket frames delivered to the upstream (0 for TCP).</param>
/// <param name="FramesDown">WebSocket frames delivered to the client (0 for TCP).</param>
/// <param name="OpcodesUp">WebSocket frames that the client sent, by opcode; null for TCP.</param>
/// <param name="OpcodesDown">The same of the upstream.</param>
/// <param name="LastDownAt">When the last byte was delivered to the client (microseconds since the epoch), 0 if none was.</param>
/// <param name="LastUpAt">When the last byte was delivered to the upstream, 0 if none was.</param>
public sealed record LedgerClosed(string Link, long Conn, string? Client, string By, string How, int? Code, string? Reason, string? Fault,
    long BytesUp, long BytesDown, long FramesUp, long FramesDown, long LastDownAt, long LastUpAt,
    IReadOnlyDictionary<string, long>? OpcodesUp = null, IReadOnlyDictionary<string, long>? OpcodesDown = null) : JournalEvent;

/// <summary>A fault was added to, or left, a link as the proxy saw it.</summary>
/// <param name="State">"added", "updated", "removed", "expired" (its lease ran out).</param>
public sealed record LedgerFault(string Link, string Fault, string Type, string State) : JournalEvent;

/// <summary>Whether a fault takes hold of a connection: one roll a connection and fault, never repeated.</summary>
/// <param name="Refusal">Why a fault that would have hit did not, such as a compression that it would destroy.</param>
public sealed record LedgerRoll(string Link, string Fault, long Conn, bool Hit, string? Refusal = null) : JournalEvent;

/// <summary>A control frame went by, or into a fault.</summary>
/// <param name="Stream">"upstream" or "downstream".</param>
/// <param name="Frame">"ping", "pong" or "close"; "other" for a reserved opcode.</param>
public sealed record LedgerControl(string Link, long Conn, string Stream, string Frame) : JournalEvent;

/// <summary>A fault acted on one item (a chunk, a frame, a handshake, a connection).</summary>
/// <param name="Stream">"upstream" or "downstream".</param>
/// <param name="Item">Ordinal of the item on its connection and stream, from 0.</param>
/// <param name="Action">"delayed", "lost", "swallowed", "throttled", "sliced", "stalled", "limited", "dropped", "duplicated", "reordered", "corrupted", "truncated", "refused", "reset", "closed", "ended", "stripped", "hung" (attempts to connect on connection 0; their number is in Item).</param>
/// <param name="ConfiguredUs">What the fault decided, in microseconds; 0 where it is not a time.</param>
/// <param name="ObservedUs">What happened, from arrival to release, in microseconds.</param>
public sealed record LedgerInjected(string Link, string Fault, long Conn, string Stream, long Item, string Action,
    long ConfiguredUs, long ObservedUs, int Bytes) : JournalEvent;

/// <summary>Somebody pressed, or released, the proxy's stop button.</summary>
/// <param name="State">"on" or "off".</param>
/// <param name="Reason">Why, in the words of who pressed it.</param>
/// <param name="Removed">Faults that it removed.</param>
public sealed record LedgerHalt(string State, string? Reason, int Removed) : JournalEvent;

/// <summary>The proxy read its configuration file again. A file with errors changes nothing.</summary>
/// <param name="Ok">The file was put into effect.</param>
/// <param name="Added">Proxies that are new.</param>
/// <param name="Replaced">Proxies that differed, and were made anew.</param>
/// <param name="Removed">Proxies that are gone.</param>
/// <param name="Faults">Faults that were added, changed or removed on proxies that stayed.</param>
/// <param name="Error">What was wrong with the file.</param>
public sealed record LedgerReload(bool Ok, int Added, int Replaced, int Removed, int Faults, string? Error) : JournalEvent;

/// <summary>
/// What the proxy itself costs on a link, once a second while there is traffic: time from an item's arrival to its
/// release, less what faults asked for.
/// </summary>
public sealed record LedgerOverhead(string Link, int Open, long Items, double P50Us, double P99Us, double MaxUs) : JournalEvent;
