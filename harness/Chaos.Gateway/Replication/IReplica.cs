namespace Chaos.Gateway.Replication;

/// <summary>Another region, as this one writes to it.</summary>
internal interface IReplica : IAsyncDisposable
{
    /// <summary>Takes lines of the outbox in their order. Taking a line again changes nothing, so a caller that does not know whether it was taken sends it again.</summary>
    /// <exception cref="ReplicaUnavailableException">Not all of them are known to be taken.</exception>
    ValueTask TakeAsync(IReadOnlyList<OutboxLine> lines, CancellationToken cancel);
}

/// <summary>Opens the way to other regions.</summary>
internal interface IReplicas
{
    /// <summary>Opens the way to one. Returns also while it cannot be reached.</summary>
    /// <param name="region">Its name.</param>
    Task<IReplica> OpenAsync(string region);
}

/// <summary>Another region's store does not answer in time.</summary>
internal sealed class ReplicaUnavailableException(string region, Exception inner) : Exception($"region {region}: {inner.Message}", inner);
