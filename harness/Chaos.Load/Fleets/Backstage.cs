using Chaos.Client;
using Chaos.Client.Policies;
using Chaos.Load.Feeds;
using Chaos.Load.Recording;

namespace Chaos.Load.Fleets;

/// <summary>
/// Publishers that are not under test: one reference client a channel, connected to a gateway directly (of one region after the other), past every fault on the
/// clients' link. Always made of reference parts, whatever the clients under test are made of.
/// </summary>
internal sealed class Backstage
{
    private static readonly ClientPolicy Policy = new() { BaseMs = 100, CapMs = 1_000 };

    private readonly ReferenceClient[] _publishers;

    public Backstage(FleetSpec spec, FleetRecorder recorder, Feed feed) =>
        _publishers = [.. recorder.Backstage.Select((record, channel) => new ReferenceClient(
            new ClientOptions { Url = spec.Homes[channel % spec.Homes.Count].DirectUrl.For(record.Name), Name = record.Name, Policy = Policy, Seed = spec.Seed, Time = spec.Clock.Time },
            new FleetTokens(spec, record.Name), new FleetObserver(recorder, record, feed)))];

    public void Start() => Array.ForEach(_publishers, publisher => publisher.Start());

    public void Publish(int line, string channel, ReadOnlyMemory<byte> payload, string mid) => _publishers[line].Publish(channel, payload, mid);

    public Task StopAsync() => Task.WhenAll(_publishers.Select(publisher => publisher.StopAsync()));
}
