using System.Text.Json.Serialization;

namespace Chaos.Journal.Events;

/// <summary>
/// One line of the journal. Lines are JSON objects whose first member, <c>kind</c>, names the derived record;
/// all other members are snake_case. A reader ignores members it does not know.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStarted), "run.started")]
[JsonDerivedType(typeof(RunEnded), "run.ended")]
[JsonDerivedType(typeof(ExperimentSkipped), "experiment.skipped")]
[JsonDerivedType(typeof(ExperimentStarted), "experiment.started")]
[JsonDerivedType(typeof(ExperimentEnded), "experiment.ended")]
[JsonDerivedType(typeof(PhaseEntered), "phase")]
[JsonDerivedType(typeof(PartStarted), "part.started")]
[JsonDerivedType(typeof(PartEnded), "part.ended")]
[JsonDerivedType(typeof(StoreEmptied), "store.emptied")]
[JsonDerivedType(typeof(FaultOn), "fault.on")]
[JsonDerivedType(typeof(FaultOff), "fault.off")]
[JsonDerivedType(typeof(NodeLeft), "node.left")]
[JsonDerivedType(typeof(NodeHeld), "node.held")]
[JsonDerivedType(typeof(NodeClock), "node.clock")]
[JsonDerivedType(typeof(ProbeSampled), "probe")]
[JsonDerivedType(typeof(StopConditionMet), "stop")]
[JsonDerivedType(typeof(MetricsSampled), "metrics")]
[JsonDerivedType(typeof(MachineSampled), "machine")]
[JsonDerivedType(typeof(AlertingStarted), "alerting.started")]
[JsonDerivedType(typeof(AlertDelivered), "alert.delivered")]
[JsonDerivedType(typeof(HistoryRead), "history")]
[JsonDerivedType(typeof(HarnessFailed), "harness.failed")]
[JsonDerivedType(typeof(LedgerOpened), "ledger.opened")]
[JsonDerivedType(typeof(LedgerHandshake), "ledger.handshake")]
[JsonDerivedType(typeof(LedgerAnswer), "ledger.answer")]
[JsonDerivedType(typeof(LedgerClosed), "ledger.closed")]
[JsonDerivedType(typeof(LedgerFault), "ledger.fault")]
[JsonDerivedType(typeof(LedgerRoll), "ledger.roll")]
[JsonDerivedType(typeof(LedgerControl), "ledger.control")]
[JsonDerivedType(typeof(LedgerHalt), "ledger.halt")]
[JsonDerivedType(typeof(LedgerReload), "ledger.reload")]
[JsonDerivedType(typeof(LedgerInjected), "ledger.injected")]
[JsonDerivedType(typeof(LedgerOverhead), "ledger.overhead")]
[JsonDerivedType(typeof(ClientAttempt), "client.attempt")]
[JsonDerivedType(typeof(ClientConnected), "client.connected")]
[JsonDerivedType(typeof(ClientDisconnected), "client.disconnected")]
[JsonDerivedType(typeof(ClientSubscribed), "client.subscribed")]
[JsonDerivedType(typeof(ClientUnsubscribed), "client.unsubscribed")]
[JsonDerivedType(typeof(ClientDelivered), "client.delivered")]
[JsonDerivedType(typeof(ClientAcked), "client.acked")]
[JsonDerivedType(typeof(ClientPublishFailed), "client.publish_failed")]
[JsonDerivedType(typeof(ClientError), "client.error")]
[JsonDerivedType(typeof(ClientToken), "client.token")]
[JsonDerivedType(typeof(FeedStopped), "feed.stopped")]
[JsonDerivedType(typeof(SimulationStarted), "simulation.started")]
[JsonDerivedType(typeof(FleetAttempts), "fleet.attempts")]
[JsonDerivedType(typeof(FleetCuts), "fleet.cuts")]
[JsonDerivedType(typeof(ScriptStep), "script.step")]
[JsonDerivedType(typeof(RehearsalStarted), "rehearsal.started")]
[JsonDerivedType(typeof(RehearsalVitals), "rehearsal.vitals")]
[JsonDerivedType(typeof(RehearsalMoment), "rehearsal.moment")]
[JsonDerivedType(typeof(RehearsalEntry), "rehearsal.entry")]
[JsonDerivedType(typeof(RehearsalEnded), "rehearsal.ended")]
public abstract record JournalEvent
{
    /// <summary>When it happened: microseconds since the Unix epoch (wall clock read once, then advanced monotonically).</summary>
    [JsonPropertyOrder(-2)]
    public long At { get; init; }

    /// <summary>Id of the experiment this belongs to; null for events of the run as a whole.</summary>
    [JsonPropertyOrder(-1)]
    public string? X { get; init; }
}
