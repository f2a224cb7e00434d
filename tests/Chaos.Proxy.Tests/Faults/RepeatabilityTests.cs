using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;
using CsCheck;

namespace Chaos.Proxy.Tests.Faults;

/// <summary>
/// The same seed over the same traffic gives the same ledger, whatever the threads did, and one fault more changes nothing
/// about the others. Random sets of faults, traffic and schedules.
/// </summary>
public sealed class RepeatabilityTests
{
    private static readonly string[] Streams = ["upstream", "downstream", "both"];

    // Each decides about items or messages, and lets the traffic go on.
    private static readonly Gen<Plan> Faults = Gen.Int[0, 7].SelectMany(kind => Gen.Select(Gen.Double[0.2, 1], Gen.Double[0, 0.9], Gen.Int[1, 3], Gen.Int[0, 2].Select(i => Streams[i]),
        (toxicity, correlation, size, stream) => new Plan(kind, Math.Round(toxicity, 2), Math.Round(correlation, 2), size, stream)));

    private static readonly Gen<(Plan[] Faults, Plan Other, long Seed, int[] Messages)> Cases =
        Gen.Select(Faults.Array[1, 3], Faults, Gen.Long[0, 1_000_000], Gen.Int[1, 2000].Array[4, 10]);

    [Fact]
    public void The_same_seed_gives_the_same_ledger_and_another_fault_changes_nothing() =>
        Cases.Sample((faults, other, seed, messages) =>
        {
            var alone = RunAsync(faults, null, seed, messages).GetAwaiter().GetResult();
            var again = RunAsync(faults, null, seed, messages).GetAwaiter().GetResult();
            var crowded = RunAsync(faults, other, seed, messages).GetAwaiter().GetResult();
            Same(alone, again);
            Same(alone, crowded);
            Assert.NotEmpty(alone);
        }, iter: 6, threads: 1);

    [Fact]
    public async Task Another_seed_decides_otherwise()
    {
        Plan[] faults = [new Plan(0, 0.5, 0, 2, "both"), new Plan(4, 1, 0, 1, "upstream")];
        Assert.NotEqual(await RunAsync(faults, null, 1, [10, 20, 30, 40, 50]), await RunAsync(faults, null, 2, [10, 20, 30, 40, 50]));
    }

    private static void Same(string[] one, string[] other) =>
        Assert.True(one.SequenceEqual(other), $"only here:\n{string.Join('\n', one.Except(other))}\nonly there:\n{string.Join('\n', other.Except(one))}");

    // Three connections, one after the other: each sends its messages, and goes when all of them were looked at.
    private static async Task<string[]> RunAsync(Plan[] faults, Plan? other, long seed, int[] messages)
    {
        await using var bench = await Bench.StartAsync(seed);
        var (_, address) = await bench.WebSocketAsync();
        // Before and after it, so that it cannot be its place in the row that matters.
        if (other is not null) await bench.Control.AddFaultAsync("link", other.Request("other"));
        for (var i = 0; i < faults.Length; i++) await bench.Control.AddFaultAsync("link", faults[i].Request(Name(i)));
        for (var n = 1; n <= 3; n++)
        {
            using var client = await Bench.ConnectAsync(address);
            var receiving = Task.Run(async () =>
            {
                while (await client.ReceiveTextAsync() != "end")
                {
                }
            });
            foreach (var length in messages) await client.SendTextAsync(new string('m', length));
            await client.SendTextAsync("end");
            await receiving;
            client.Abort();
            await Bench.Until(() => bench.Ledger("ledger.closed").Length == n);
        }
        var names = faults.Select((_, i) => Name(i)).ToHashSet();
        return
        [
            .. bench.Ledger().Where(line => line["kind"]!.GetValue<string>() is "ledger.roll" or "ledger.injected" && names.Contains(line["fault"]!.GetValue<string>()))
                .Select(line => line["kind"]!.GetValue<string>() == "ledger.roll"
                    ? $"{line["fault"]} {line["conn"]} roll {line["hit"]}"
                    : $"{line["fault"]} {line["conn"]} {line["stream"]} {line["item"]} {line["action"]} {Decided(line)} {line["bytes"]}").Order(StringComparer.Ordinal),
        ];
    }

    private static string Name(int i) => $"f{i.ToString(CultureInfo.InvariantCulture)}";

    // How long a message waits for its turn depends on when it came; that it does is the decision.
    private static string Decided(JsonObject line) => line["action"]!.GetValue<string>() is "throttled" or "sliced" ? "" : line["configured_us"]!.ToJsonString();

    private sealed record Plan(int Kind, double Toxicity, double Correlation, int Size, string Stream)
    {
        public FaultRequest Request(string name)
        {
            var (type, attributes) = Kind switch
            {
                0 => ("latency", new JsonObject { ["latency"] = Size, ["jitter"] = Size, ["correlation"] = Correlation }),
                1 => ("latency", new JsonObject { ["latency"] = Size, ["jitter"] = 1, ["distribution"] = "lognormal" }),
                2 => ("loss", new JsonObject { ["p"] = 0.4, ["rtt_ms"] = 1, ["rto_ms"] = 1, ["correlation"] = Correlation }),
                3 => ("loss", new JsonObject { ["p"] = 0.2, ["r"] = 0.4, ["process"] = "gilbert_elliott", ["rtt_ms"] = 1, ["rto_ms"] = 2 }),
                4 => ("ws_delay", new JsonObject { ["latency"] = Size, ["jitter"] = Size, ["distribution"] = "normal" }),
                5 => ("loss", new JsonObject { ["p13"] = 0.2, ["p31"] = 0.5, ["p32"] = 0.2, ["p23"] = 0.5, ["p14"] = 0.1, ["process"] = "four_state", ["rtt_ms"] = 1 }),
                6 => ("ws_throttle", new JsonObject { ["rate"] = 500 * Size }),
                _ => ("slicer", new JsonObject { ["average_size"] = 100 * Size, ["size_variation"] = 50 }),
            };
            return new FaultRequest(name, type, Stream, Toxicity, attributes, Target: Kind % 2 == 0 ? null : new JsonObject { ["messages"] = new JsonObject { ["share"] = 0.7 } });
        }
    }
}
