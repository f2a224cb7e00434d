using Chaos.Client.Parts;

namespace Chaos.Simulation;

/// <summary>How an experiment is simulated.</summary>
public sealed record SimulationOptions
{
    /// <summary>Most clients of one simulation.</summary>
    public const int MostClients = 10_000_000;

    /// <summary>Number of clients, 1 to <see cref="MostClients"/>; takes the place of the experiment's own number.</summary>
    public required int Clients { get; init; }

    /// <summary>Time from a client to the gateway, and as long back, in milliseconds; 0 to 10,000, 1 by default. An attempt is refused one round
    /// trip after it was dialled, and connected after two.</summary>
    public double LatencyMs { get; init; } = 1;

    /// <summary>Name of the mutant that the clients are, or null for the reference.</summary>
    public string? Mutant { get; init; }

    /// <summary>What the clients are made of. Only <see cref="ClientParts.Backoff"/> and <see cref="ClientParts.AttemptReset"/> play a part in it.</summary>
    public ClientParts Parts { get; init; } = ClientParts.Reference;

    /// <summary>One way as a time.</summary>
    internal TimeSpan Latency => TimeSpan.FromMilliseconds(LatencyMs);
}
