using System.Text.Json.Nodes;
using Chaos.Journal.Events;
using Chaos.Journal.Fleets;

namespace Chaos.Simulation.Tests;

/// <summary>The attempts of a simulation by client, in order of time.</summary>
internal static class Rows
{
    public static IReadOnlyDictionary<int, List<FleetAttempt>> Of(Simulated simulated) => All(simulated).GroupBy(a => a.Client)
        .ToDictionary(g => g.Key, g => g.OrderBy(a => a.DialledUs).ToList());

    public static IEnumerable<FleetAttempt> All(Simulated simulated) =>
        simulated.Journal.Events.OfType<FleetAttempts>().SelectMany(line => Enumerable.Range(0, line.Client.Length).Select(line.Row));

    public static IEnumerable<FleetCut> Cuts(Simulated simulated) =>
        simulated.Journal.Events.OfType<FleetCuts>().SelectMany(line => Enumerable.Range(0, line.Client.Length).Select(line.Row));
}

/// <summary>Gateways whose limits nobody reaches.</summary>
internal static class Wide
{
    public static JsonObject Gateway => Limits(100_000, 1_000_000);

    public static JsonObject Limits(int handshakesPerSecond, int connections) => new()
    {
        ["limits"] = new JsonObject { ["handshakes_per_second"] = handshakesPerSecond, ["max_connections"] = connections, ["max_unauthenticated"] = 100_000 },
    };
}
