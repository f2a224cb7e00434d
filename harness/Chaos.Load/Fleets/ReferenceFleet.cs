using Chaos.Client;
using Chaos.Client.Parts;

namespace Chaos.Load.Fleets;

/// <summary>A fleet of reference clients in this process.</summary>
public sealed class ReferenceFleet : IFleet
{
    /// <summary>
    /// Dials that wait for their first outcome at the same time: enough for 500 clients in a few seconds, and few enough that
    /// start-up is no connection storm.
    /// </summary>
    private const int DialsInFlight = 50;

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
    public async Task<bool> StartAsync(TimeSpan timeout, CancellationToken cancel)
    {
        var time = _spec.Clock.Time;
        var began = time.GetTimestamp();
        _core.Backstage?.Start();
        using var gate = new SemaphoreSlim(DialsInFlight);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        var dials = Enumerable.Range(0, _clients.Length).Select(index => DialAsync(index, gate, either.Token)).ToArray();
        await Task.WhenAll(dials).ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        var left = timeout - time.GetElapsedTime(began);
        return await _core.WaitLiveAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, () => false, cancel).ConfigureAwait(false);
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
        Url = home.Urls[0].For(name), Elsewhere = [.. home.Urls.Skip(1).Select(url => url.For(name))], Name = name, Policy = _spec.Policy, Seed = _spec.Seed, Time = _spec.Clock.Time,
    };

    /// <summary>Starts one client when its turn comes; it keeps its turn until its first outcome.</summary>
    private async Task DialAsync(int index, SemaphoreSlim gate, CancellationToken cancel)
    {
        try
        {
            await gate.WaitAsync(cancel).ConfigureAwait(false);
            _clients[index].Start();
            await _core.Recorder.Clients[index].FirstOutcome.WaitAsync(cancel).ConfigureAwait(false);
            gate.Release();
        }
        catch (OperationCanceledException)
        {
            // Out of time or told to stop: the caller sees which.
        }
    }
}
