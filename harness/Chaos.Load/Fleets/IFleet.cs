namespace Chaos.Load.Fleets;

/// <summary>The clients of one experiment. Everything they do goes to the journal as <c>client.*</c> and <c>feed.*</c> events.</summary>
public interface IFleet : IAsyncDisposable
{
    /// <summary>Starts every client and waits until all have connected and subscribed, or <paramref name="timeout"/> has passed.</summary>
    /// <returns>True when all are live.</returns>
    Task<bool> StartAsync(TimeSpan timeout, CancellationToken cancel);

    /// <summary>Starts the open-loop feed, if the fleet has one.</summary>
    void StartFeed();

    /// <summary>Stops the feed: nothing more becomes due; unacknowledged publishes are still resent. Writes feed.stopped once
    /// all are acknowledged or <paramref name="timeout"/> has passed.</summary>
    Task StopFeedAsync(TimeSpan timeout, CancellationToken cancel);

    /// <summary>Waits until everything that was acknowledged has reached every live subscriber, or <paramref name="timeout"/> has passed.</summary>
    Task<bool> DrainAsync(TimeSpan timeout, CancellationToken cancel);

    /// <summary>Live figures, for progress and stop conditions.</summary>
    FleetSnapshot Snapshot();

    /// <summary>Disconnects every client. Events of this are written with cause "local".</summary>
    Task StopAsync(CancellationToken cancel);
}

/// <summary>Live figures of a fleet.</summary>
/// <param name="Clients">Number of clients.</param>
/// <param name="Connected">How many are connected now.</param>
/// <param name="Terminal">How many have given up for good.</param>
/// <param name="Attempts">Connection attempts so far.</param>
/// <param name="Delivered">Messages delivered so far.</param>
/// <param name="Acked">Publishes acknowledged so far.</param>
/// <param name="PublishErrors">Publishes refused so far.</param>
/// <param name="DeliveryP50Ms">Median of publish → delivered since the last snapshot (HdrHistogram), 0 without data.</param>
/// <param name="DeliveryP99Ms">Its 99th percentile.</param>
public sealed record FleetSnapshot(int Clients, int Connected, int Terminal, long Attempts, long Delivered, long Acked, long PublishErrors,
    double DeliveryP50Ms, double DeliveryP99Ms);
