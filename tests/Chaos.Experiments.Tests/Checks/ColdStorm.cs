using Chaos.Client.Randomness;
using Chaos.Client.Policies;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Tests.Checks;

/// <summary>A journal in which all clients are cut at once and then refused for a while; each waits as <see cref="Delay"/> says.</summary>
internal sealed record ColdStorm
{
    public int Clients { get; init; } = 500;
    public long Seed { get; init; } = 1;
    public double RefusedMs { get; init; } = 40_000;
    public double TeardownMs { get; init; } = 70_000;
    public string Client { get; init; } = "reference";

    /// <summary>How long the connections had lived when they were cut, in milliseconds.</summary>
    public double AgeMs { get; init; } = 8_000;

    public ClientPolicy Policy { get; init; } = new() { BaseMs = 400, Factor = 2, CapMs = 3_200 };

    /// <summary>From client, attempt and its own random stream to its wait in milliseconds. Full jitter by default.</summary>
    public Func<int, int, Random, double>? Delay { get; init; }

    /// <summary>What the wire and the client's runtime add to each gap, in milliseconds.</summary>
    public Func<Random, double> Overhead { get; init; } = r => 2 + 6 * r.NextDouble();

    /// <summary>How long after the cut nobody gets through to the proxy; then all who dialled arrive at once.</summary>
    public double StallMs { get; init; }

    public JournalBuilder Build()
    {
        const double cut = 3_000;
        var builder = new JournalBuilder().With(f => f with { Count = Clients, Policy = Policy, Client = Client });
        builder.Fault("cut", "reset_peer", cut - 1, cut + 100);
        builder.Fault("refuse", "ws_handshake", cut - 1, cut + RefusedMs);
        builder.Phased(faults: cut - 2, recovery: cut + RefusedMs, settle: TeardownMs - 100, teardown: TeardownMs);
        var delay = Delay ?? ((_, k, r) => r.NextDouble() * Policy.UpperBoundMs(k));
        for (var i = 0; i < Clients; i++)
        {
            var name = $"c-{i + 1:0000}";
            var random = SeedTree.Stream(Seed, name);
            var live = builder.Open(name, cut - AgeMs);
            builder.Close(name, live, cut, "fault", "cut");
            var from = cut;
            for (var k = 0; ; k++)
            {
                double notice = Overhead(random), dial = Overhead(random);
                builder.Add(from + notice, new ClientDisconnected(name, "transport", null, null, false));
                var start = from + notice + delay(i, k, random);
                var arrives = Math.Max(start + dial, cut + StallMs);
                if (arrives >= TeardownMs) break;
                builder.Add(start, new ClientAttempt(name, k, null));
                var accepted = arrives >= cut + RefusedMs;
                builder.Open(name, arrives, accepted ? 101 : 503, accepted ? "upstream" : "fault");
                if (accepted) break;
                from = arrives + 1;
            }
        }

        return builder;
    }
}
