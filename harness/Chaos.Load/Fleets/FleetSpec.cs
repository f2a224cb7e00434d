using Chaos.Client.Policies;
using Chaos.Client.Sockets;
using Chaos.Journal;
using Chaos.Journal.IO;

namespace Chaos.Load.Fleets;

/// <summary>Everything a fleet needs to run.</summary>
public sealed record FleetSpec
{
    /// <summary>Id of the experiment, written into each event.</summary>
    public required string Experiment { get; init; }

    /// <summary>Number of clients; they are named <c>c-0001</c> onwards and each is a user of its own of that name.</summary>
    public required int Count { get; init; }

    /// <summary>Names of the channels, with their tenant: client i subscribes to channel i mod count. None where the gateway's protocol is not
    /// known, and then clients are live once they are connected.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>Where the clients live, in the order of their numbers; one home where there is one region.</summary>
    public required IReadOnlyList<FleetHome> Homes { get; init; }

    /// <summary>What clients say and do below their protocol; nothing by default.</summary>
    public SocketSettings Socket { get; init; } = SocketSettings.None;

    /// <summary>Declared behaviour of the clients.</summary>
    public required ClientPolicy Policy { get; init; }

    /// <summary>Messages to publish, or null.</summary>
    public FeedSpec? Feed { get; init; }

    /// <summary>Issues the tokens.</summary>
    public required Chaos.Load.Tokens.TokenIssuer Tokens { get; init; }

    /// <summary>Tenant of all clients.</summary>
    public string Tenant { get; init; } = "acme";

    /// <summary>Lifetime of connection tokens.</summary>
    public TimeSpan TokenTtl { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Seed of the fleet; each client derives its own streams from it and its name.</summary>
    public required long Seed { get; init; }

    /// <summary>Where events go.</summary>
    public required IJournal Journal { get; init; }

    /// <summary>The run's clock.</summary>
    public required Clock Clock { get; init; }
}

/// <summary>Clients that live in one region.</summary>
/// <param name="Count">How many.</param>
/// <param name="Urls">Addresses through the proxy, such as <c>ws://127.0.0.1:4000/connection/websocket</c>, the nearest region first. Each client appends <c>?client=NAME</c>.</param>
/// <param name="DirectUrl">Address of a gateway of the region past the proxy, for a backstage feed.</param>
public sealed record FleetHome(int Count, IReadOnlyList<Uri> Urls, Uri DirectUrl);

/// <summary>Open-loop publishing.</summary>
/// <param name="Backstage">True: a publisher a channel, connected past the proxy and named <c>feed-0001</c> onwards. False: the clients themselves.</param>
/// <param name="RatePerSecond">Messages a second in all.</param>
/// <param name="Bytes">Size of a payload.</param>
public sealed record FeedSpec(bool Backstage, double RatePerSecond, int Bytes);
