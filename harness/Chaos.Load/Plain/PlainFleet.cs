using Chaos.Client;
using Chaos.Client.Parts;
using Chaos.Client.Plain;
using Chaos.Load.Fleets;

namespace Chaos.Load.Plain;

/// <summary>
/// A fleet for gateways of any make: clients in this process that know no more than WebSocket. They connect, ping, listen and come back;
/// they have no channels and no feed.
/// </summary>
public sealed class PlainFleet : IFleet
{
    /// <summary>Name of this kind of client in files.</summary>
    public const string Name = "plain-websocket";

    private readonly FleetSpec _spec;
    private readonly FleetCore _core;
    private readonly PlainClient[] _clients;
    private bool _stopped;

    /// <param name="spec">What to run; without a feed.</param>
    /// <param name="parts">What the clients are made of; <see cref="PlainClient.DefaultParts"/> by default.</param>
    /// <exception cref="ArgumentException">The fleet has a feed.</exception>
    public PlainFleet(FleetSpec spec, ClientParts? parts = null)
    {
        if (spec.Feed is not null) throw new ArgumentException("Plain clients cannot publish.", nameof(spec));
        _spec = spec with { Channels = [] };
        _core = new FleetCore(_spec, (_, _, _, _) => throw new NotSupportedException("Plain clients cannot publish."));
        _clients = [.. _core.Recorder.Clients.Select((record, index) => new PlainClient(
            new ClientOptions { Url = spec.HomeOf(index).Urls[0].For(record.Name), Name = record.Name, Policy = spec.Policy, Seed = spec.Seed, Time = spec.Clock.Time, Socket = spec.Socket },
            new FleetObserver(_core.Recorder, record, null), parts))];
    }

    /// <inheritdoc />
    public Task<bool> StartAsync(TimeSpan timeout, CancellationToken cancel) =>
        OpeningDials.StartAllAsync(_core, index => _clients[index].Start(), _spec.Clock.Time, timeout, cancel);

    /// <inheritdoc />
    public void StartFeed()
    {
        // It has none.
    }

    /// <inheritdoc />
    public Task StopFeedAsync(TimeSpan timeout, CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<bool> DrainAsync(TimeSpan timeout, CancellationToken cancel) => Task.FromResult(true);

    /// <inheritdoc />
    public FleetSnapshot Snapshot() => _core.Recorder.Snapshot();

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancel)
    {
        if (_stopped) return;
        _stopped = true;
        await Task.WhenAll(_clients.Select(client => client.StopAsync())).WaitAsync(cancel).ConfigureAwait(false);
        _core.Recorder.Flush();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _core.DisposeAsync().ConfigureAwait(false);
    }
}
