using Chaos.Client.Randomness;
using Chaos.Client.Sockets;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Load.Fleets;
using Chaos.Load.Tokens;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>The fleet of an experiment in a running world.</summary>
internal static class FleetSpecs
{
    /// <summary>Everything that the fleet needs.</summary>
    public static FleetSpec Of(ExperimentDefinition experiment, World world, long seed, ExperimentJournal journal, Clock clock) => new()
    {
        Experiment = journal.Experiment,
        Count = experiment.Fleet.Count,
        Channels = Channels(experiment),
        Homes = Homes(experiment, world),
        Socket = experiment.World.Regions.FirstOrDefault(r => experiment.Fleet.Link == LinkNames.Clients(r.Name))?.External?.Socket ?? SocketSettings.None,
        Policy = experiment.Fleet.Policy,
        Feed = experiment.Fleet.Feed is { } feed ? new FeedSpec(feed.From == "backstage", feed.RatePerSecond, feed.Bytes) : null,
        Tokens = Tokens(world, clock),
        TokenTtl = experiment.Fleet.TokenTtl,
        Seed = SeedTree.Derive(seed, "fleet"),
        Journal = journal,
        Clock = clock,
    };

    /// <summary>The channels of its clients; none where the gateway's protocol is not known.</summary>
    public static IReadOnlyList<string> Channels(ExperimentDefinition experiment) =>
        experiment.World.IsExternal ? [] : [.. Enumerable.Range(0, experiment.Fleet.Channels).Select(i => $"acme:ch-{i:000}")];

    /// <summary>Issues tokens that the world's gateways accept.</summary>
    public static TokenIssuer Tokens(World world, Clock clock) => new(world.Secrets.TokenSecret, Secrets.Issuer, Secrets.Audience, clock.Time);

    /// <summary>How clients of each home reach their own region and the others; of a fleet that knows one link, that one.</summary>
    private static IReadOnlyList<FleetHome> Homes(ExperimentDefinition experiment, World world)
    {
        var fleet = experiment.Fleet;
        if (fleet.Homes.Count == 0) return [new FleetHome(fleet.Count, [world.ClientUrl(fleet.Link)], world.DirectUrl(fleet.Link))];
        return
        [
            .. fleet.Homes.Select(home => new FleetHome(home.Count,
                [.. experiment.World.NearestTo(home.Region).Select(r => world.ClientUrl(r == home.Region ? LinkNames.Clients(r) : LinkNames.ClientsElsewhere(home.Region, r)))],
                world.DirectUrl(LinkNames.Clients(home.Region)))),
        ];
    }
}
