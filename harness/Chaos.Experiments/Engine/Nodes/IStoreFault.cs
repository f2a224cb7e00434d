using System.Text.Json.Nodes;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>A fault on nodes that can be put on a store too.</summary>
internal interface IStoreFault : INodeFault
{
    /// <summary>Begins.</summary>
    /// <exception cref="Processes.WorldException">The store could not do it.</exception>
    Task BeginAsync(StoreInFault store, JsonObject attributes, CancellationToken cancel);

    /// <summary>Ends: afterwards the store is as it was before.</summary>
    /// <exception cref="Processes.WorldException">The store did not start.</exception>
    Task EndAsync(StoreInFault store, JsonObject attributes, CancellationToken cancel);
}
