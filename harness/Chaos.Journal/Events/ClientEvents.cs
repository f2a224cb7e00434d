namespace Chaos.Journal.Events;

// Written by the fleet, for reference clients and third-party clients alike. `Client` is the client's name, unique in its experiment.

/// <summary>A client starts a connection attempt.</summary>
/// <param name="Attempt">Attempts since the last success that reset the backoff; 0 is the first.</param>
/// <param name="DelayMs">The backoff it waited before, as drawn from its policy, in milliseconds; null when the client does not tell.</param>
public sealed record ClientAttempt(string Client, int Attempt, double? DelayMs) : JournalEvent;

/// <summary>The protocol's connect reply arrived.</summary>
/// <param name="Session">The session it is in, if the client tells.</param>
/// <param name="Resumed">True when a resume token restored the session.</param>
/// <param name="Node">Gateway node that answered, if told.</param>
public sealed record ClientConnected(string Client, string? Session, bool Resumed, string? Node) : JournalEvent;

/// <summary>A connection, or an attempt at one, ended.</summary>
/// <param name="Cause">"refused" (no socket), "handshake" (HTTP status), "transport" (socket error or EOF), "close" (close frame or disconnect push),
/// "liveness" (the client gave it up as dead), "timeout" (no connect reply), "local" (the client was told to stop).</param>
/// <param name="Code">Close code or HTTP status, if there was one.</param>
/// <param name="Terminal">True when the client will not try again.</param>
public sealed record ClientDisconnected(string Client, string Cause, int? Code, string? Reason, bool Terminal) : JournalEvent;

/// <summary>A subscription is live (again).</summary>
/// <param name="WasRecovering">The client asked for recovery.</param>
/// <param name="Recovered">The gateway promises that nothing was missed.</param>
public sealed record ClientSubscribed(string Client, string Channel, bool WasRecovering, bool Recovered, string? Epoch, long Offset) : JournalEvent;

/// <summary>A subscription ended or failed.</summary>
public sealed record ClientUnsubscribed(string Client, string Channel, int Code, string? Reason) : JournalEvent;

/// <summary>
/// Messages that the application above the client received, in the order it received them. Batched: the line is
/// written before any other event of the same client, so the order of one client's events is kept.
/// </summary>
/// <param name="Publisher">Who published them.</param>
/// <param name="N">The publisher's counter on this channel, from 1.</param>
/// <param name="SentAt">When each was due to be sent (open loop), microseconds since the epoch.</param>
/// <param name="Us">Time from <paramref name="SentAt"/> to delivery, in microseconds.</param>
public sealed record ClientDelivered(string Client, string Channel, string Publisher, long[] N, long[] SentAt, long[] Us) : JournalEvent;

/// <summary>Publishes that were acknowledged, batched like <see cref="ClientDelivered"/>.</summary>
/// <param name="N">The counter of each on this channel.</param>
/// <param name="SentAt">When each was due to be sent, microseconds since the epoch.</param>
/// <param name="Us">Time from <paramref name="SentAt"/> to its reply, in microseconds.</param>
public sealed record ClientAcked(string Client, string Channel, long[] N, long[] SentAt, long[] Us) : JournalEvent;

/// <summary>A publish that was refused for good.</summary>
/// <param name="Us">Time from when it was due to its error, in microseconds.</param>
public sealed record ClientPublishFailed(string Client, string Channel, long N, int Code, string Message, long Us) : JournalEvent;

/// <summary>Any other error that the client reports to its application.</summary>
public sealed record ClientError(string Client, int? Code, string Message) : JournalEvent;

/// <summary>The client fetched or refreshed a token.</summary>
/// <param name="Purpose">"connect", "refresh" or "subscribe".</param>
public sealed record ClientToken(string Client, string Purpose) : JournalEvent;

/// <summary>Feed totals when it stops: how much was due, sent and acknowledged, per channel and publisher.</summary>
public sealed record FeedStopped(string Publisher, string Channel, long Due, long LastAcked) : JournalEvent;

/// <summary>
/// One step of a protocol script: what was sent, what was expected, what came. The judge compares again; it does not trust
/// <paramref name="Matched"/>.
/// </summary>
/// <param name="Script">Name of the script.</param>
/// <param name="Step">Ordinal of the step, from 0.</param>
/// <param name="Sent">Frame that was sent, or null.</param>
/// <param name="Expected">What must come, as JSON (see the schema's script steps), or null.</param>
/// <param name="Received">Frames that came until the match or the deadline.</param>
/// <param name="CloseCode">Close code, when the connection was closed.</param>
/// <param name="ElapsedMs">Time the step took.</param>
public sealed record ScriptStep(string Script, int Step, string? Sent, string? Expected, string[] Received, int? CloseCode,
    double ElapsedMs, bool Matched) : JournalEvent;
