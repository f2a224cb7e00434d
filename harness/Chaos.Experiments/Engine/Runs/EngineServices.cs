using Chaos.Experiments.Engine.Alerting;
using Chaos.Experiments.Engine.Processes;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>What the engine is given from outside. Disposing ends the processes that are no parts of a world.</summary>
/// <param name="Processes">Where gateways, proxies and stores run.</param>
/// <param name="Clients">Kinds of client.</param>
/// <param name="Observer">Follows the run.</param>
/// <param name="Alerting">Programs that evaluate and deliver alerts; null where they are evaluated over the journal's readings.</param>
public sealed record EngineServices(PartProcesses Processes, IClientKinds Clients, IRunObserver Observer, AlertingSetup? Alerting = null) : IAsyncDisposable
{
    /// <inheritdoc />
    public ValueTask DisposeAsync() => Processes.DisposeAsync();
}
