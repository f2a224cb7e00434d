using Chaos.Experiments.Engine.Alerting;
using Chaos.Experiments.Engine.Processes;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>What the engine is given from outside.</summary>
/// <param name="Self">How to start gateways, proxies and stores.</param>
/// <param name="Clients">Kinds of client.</param>
/// <param name="Observer">Follows the run.</param>
/// <param name="Alerting">Programs that evaluate and deliver alerts; null where they are evaluated over the journal's readings.</param>
public sealed record EngineServices(Self Self, IClientKinds Clients, IRunObserver Observer, AlertingSetup? Alerting = null);
