using Chaos.Client.Policies;

namespace Chaos.Experiments.Definitions;

/// <summary>The clients of an experiment.</summary>
public sealed record FleetDefinition
{
    /// <summary>"reference", "plain-websocket", or the name of a third-party client such as <c>centrifuge-js</c>.</summary>
    public string Client { get; init; } = "reference";

    /// <summary>Number of clients, 1 to 9,000.</summary>
    public required int Count { get; init; }

    /// <summary>Number of channels; client i subscribes to channel i mod channels. 1 up to <see cref="Count"/>.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>The link they connect through; with <see cref="Homes"/> that of the first.</summary>
    public required string Link { get; init; }

    /// <summary>Where they live, in a world of several regions: each connects to its own region, and to the next nearest while that cannot be reached.
    /// Empty for a fleet that knows <see cref="Link"/> only.</summary>
    public IReadOnlyList<HomeDefinition> Homes { get; init; } = [];

    /// <summary>The region that a client lives in, by its number from 0; null for a fleet that knows one link only.</summary>
    public string? HomeOf(int client)
    {
        foreach (var home in Homes)
        {
            if (client < home.Count) return home.Region;
            client -= home.Count;
        }

        return null;
    }

    /// <summary>How clients reconnect and watch their connection; what the check of backoff tests against.</summary>
    public ClientPolicy Policy { get; init; } = new();

    /// <summary>Lifetime of the connection tokens that clients fetch.</summary>
    public TimeSpan TokenTtl { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Messages that flow during the run; null for a silent fleet.</summary>
    public FeedDefinition? Feed { get; init; }
}

/// <summary>Clients of one region.</summary>
/// <param name="Region">Its name.</param>
/// <param name="Count">How many live there, 1 to 9,000.</param>
public sealed record HomeDefinition(string Region, int Count);

/// <summary>Open-loop publishing: messages are due at fixed times whatever became of earlier ones.</summary>
/// <param name="From">"clients": each client publishes to its own channel through its own connection;
/// "backstage": one publisher a channel, connected to the gateway directly, past every fault on the clients' link.</param>
/// <param name="RatePerSecond">Messages a second in all, 0.1 to 20,000.</param>
/// <param name="Bytes">Size of a payload, 64 to 65,536.</param>
public sealed record FeedDefinition(string From, double RatePerSecond, int Bytes = 128);
