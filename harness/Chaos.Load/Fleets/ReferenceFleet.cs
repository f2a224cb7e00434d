using Chaos.Client;
using Chaos.Client.Parts;

namespace Chaos.Load.Fleets;

/// <summary>A fleet of reference clients in this process.</summary>
public sealed class ReferenceFleet : IFleet
{
    private readonly FleetSpec _spec;
    private readonly FleetCore _core;
    private readonly ReferenceClient[] _clients;
    private bool _stopped;

    /// <param name="spec">What to run.</param>
    /// <param name="parts">What the clients are made of; the reference's parts by default. Backstage publishers keep those.</param>
    public ReferenceFleet(FleetSpec spec, ClientParts? parts = null)
    {
        _spec = spec;
        _core = new FleetCore(spec, (line, channel, payload, mid) => _clients![line].Publish(channel, payload, mid));
        _clients = [.. _core.Recorder.Clients.Select((record, index) => new ReferenceClient(
            OptionsOf(record.Name, spec.HomeOf(index)),
            new FleetTokens(spec, record.Name), new FleetObserver(_core.Recorder, record, _core.Feed), parts))];
        for (var index = 0; index < _clients.Length; index++) _clients[index].Subscribe(spec.ChannelOf(index));
    }

    /// <inheritdoc />
    public Task<bool> StartAsync(TimeSpan timeout, CancellationToken cancel)
    {
        _core.Backstage?.Start();
        return OpeningDials.StartAllAsync(_core, index => _clients[index].Start(), _spec.Clock.Time, timeout, cancel);
    }

    /// <inheritdoc />
    public void StartFeed() => _core.Feed?.Start();

    /// <inheritdoc />
    public Task StopFeedAsync(TimeSpan timeout, CancellationToken cancel) => _core.Feed?.StopAsync(timeout, cancel) ?? Task.CompletedTask;

    /// <inheritdoc />
    public Task<bool> DrainAsync(TimeSpan timeout, CancellationToken cancel) => _core.DrainAsync(timeout, () => false, cancel);

    /// <inheritdoc />
    public FleetSnapshot Snapshot() => _core.Recorder.Snapshot();

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancel)
    {
        if (_stopped) return;
        _stopped = true;
        await StopFeedAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
        await Task.WhenAll(_clients.Select(client => client.StopAsync())).WaitAsync(cancel).ConfigureAwait(false);
        if (_core.Backstage is not null) await _core.Backstage.StopAsync().WaitAsync(cancel).ConfigureAwait(false);
        _core.Recorder.Flush();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _core.DisposeAsync().ConfigureAwait(false);
    }

    private ClientOptions OptionsOf(string name, FleetHome home) => new()
    {
        Url = home.Urls[0].For(name), Elsewhere = [.. home.Urls.Skip(1).Select(url => url.For(name))], Name = name, Policy = _spec.Policy, Seed = _spec.Seed,
        Time = _spec.Clock.Time, Socket = _spec.Socket,
    };
}
