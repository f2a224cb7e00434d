using Chaos.Load.Feeds;
using Chaos.Load.Recording;

namespace Chaos.Load.Fleets;

/// <summary>What fleets of any client have in common: the record, the feed, and waiting for one or the other.</summary>
internal sealed class FleetCore : IAsyncDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);

    private readonly FleetSpec _spec;

    /// <param name="publish">Publishes through a client under test; not called for a backstage feed.</param>
    public FleetCore(FleetSpec spec, PublishMessage publish)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.Count, 1, nameof(spec));
        if (spec.Feed is not null) ArgumentOutOfRangeException.ThrowIfZero(spec.Channels.Count, nameof(spec));
        _spec = spec;
        Recorder = new FleetRecorder(spec, spec.ClientNames(), spec.BackstageNames());
        var lines = spec.FeedLines();
        if (lines.Count == 0) return;
        if (spec.Feed!.Backstage)
            Feed = new Feed(spec, Recorder, lines, (line, channel, payload, mid) => Backstage!.Publish(line, channel, payload, mid));
        else
            Feed = new Feed(spec, Recorder, lines, publish);
        if (spec.Feed.Backstage) Backstage = new Backstage(spec, Recorder, Feed);
    }

    public FleetRecorder Recorder { get; }

    public Feed? Feed { get; }

    public Backstage? Backstage { get; }

    /// <summary>Waits until every client is connected and subscribed, and every backstage publisher connected.</summary>
    /// <param name="failed">True when waiting has become useless.</param>
    public Task<bool> WaitLiveAsync(TimeSpan timeout, Func<bool> failed, CancellationToken cancel) =>
        WaitAsync(() => Recorder.Clients.Select((client, index) => client.IsLive(_spec.ChannelsOf(index))).All(live => live)
            && Recorder.Backstage.All(publisher => publisher.IsConnected), timeout, failed, cancel);

    /// <summary>Waits until what was acknowledged has reached everybody who can still get it.</summary>
    public Task<bool> DrainAsync(TimeSpan timeout, Func<bool> failed, CancellationToken cancel) =>
        Feed is null ? Task.FromResult(true) : WaitAsync(IsDrained, timeout, failed, cancel);

    public async ValueTask DisposeAsync()
    {
        Feed?.Dispose();
        await Recorder.DisposeAsync().ConfigureAwait(false);
    }

    private bool IsDrained()
    {
        foreach (var (line, acked) in Feed!.Acknowledged())
            for (var index = 0; index < Recorder.Clients.Count; index++)
            {
                var client = Recorder.Clients[index];
                if (_spec.ChannelOf(index) == line.Channel && client.Expects(line.Channel) && !client.Has(line.Publisher, line.Channel, acked)) return false;
            }

        return true;
    }

    private async Task<bool> WaitAsync(Func<bool> condition, TimeSpan timeout, Func<bool> failed, CancellationToken cancel)
    {
        var time = _spec.Clock.Time;
        var began = time.GetTimestamp();
        while (!condition())
        {
            if (failed() || time.GetElapsedTime(began) >= timeout) return false;
            await Task.Delay(PollEvery, time, cancel).ConfigureAwait(false);
        }

        return true;
    }
}
