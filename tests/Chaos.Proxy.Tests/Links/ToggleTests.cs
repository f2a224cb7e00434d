using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Links;

/// <summary>
/// Faults come and go at random while traffic runs; not one byte may be lost, doubled or moved. Seconds by default, a minute
/// each with CHAOS_LONG=1.
/// </summary>
public sealed class ToggleTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("CHAOS_LONG") == "1" ? 60 : 2);

    private static readonly (string Type, JsonObject Attributes)[] Transport =
    [
        ("latency", new JsonObject { ["latency"] = 5, ["jitter"] = 5, ["distribution"] = "normal" }),
        ("bandwidth", new JsonObject { ["rate"] = 20_000 }),
        ("loss", new JsonObject { ["p"] = 0.1, ["rtt_ms"] = 5, ["rto_ms"] = 10 }),
        ("slicer", new JsonObject { ["average_size"] = 700, ["size_variation"] = 300, ["delay"] = 20 }),
        ("slow_close", new JsonObject { ["delay"] = 10 }),
        ("stall", []),
    ];

    // In order, message faults that only take time lose nothing either.
    private static readonly (string Type, JsonObject Attributes)[] WithMessages =
    [
        .. Transport, ("ws_delay", new JsonObject { ["latency"] = 4, ["jitter"] = 4 }), ("ws_throttle", new JsonObject { ["rate"] = 2000 }), ("ws_drop_control", []),
    ];

    private async Task ToggleAsync(Bench bench, Task traffic, (string Type, JsonObject Attributes)[] faults, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var on = new HashSet<string>();
        var toggles = 0;
        while (!traffic.IsCompleted)
        {
            var (type, attributes) = faults[random.Next(faults.Length)];
            var stream = random.Next(3) switch { 0 => "upstream", 1 => "downstream", _ => "both" };
            if (on.Add(type)) await bench.FaultAsync(type, (JsonObject)attributes.DeepClone(), stream, toxicity: random.Next(4) == 0 ? 0.5 : 1);
            else
            {
                on.Remove(type);
                await bench.Control.RemoveFaultAsync("link", type);
            }
            toggles++;
            await Task.WhenAny(traffic, Task.Delay(random.Next(15)));
        }
        output.WriteLine($"{toggles} toggles");
    }

    [Fact]
    public async Task Tcp_bytes_are_identical_while_faults_come_and_go()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        var traffic = Task.Run(() => StreamAsync(client));
        await ToggleAsync(bench, traffic, Transport, seed: 11);
        await bench.Control.RemoveAllFaultsAsync();
        await traffic;
    }

    // Writes and reads at the same time: both directions are full.
    private static async Task StreamAsync(System.Net.Sockets.Socket client)
    {
        const int Seed = 3;
        var sent = 0L;
        var done = false;
        var start = TimeProvider.System.GetTimestamp();
        var sending = Task.Run(async () =>
        {
            var random = new Random(Seed);
            while (TimeProvider.System.GetElapsedTime(start) < Duration)
            {
                var data = new byte[4096];
                random.NextBytes(data);
                await client.SendAllAsync(data);
                Interlocked.Add(ref sent, data.Length);
            }
            Volatile.Write(ref done, true);
        });
        var expected = new Random(Seed);
        var received = 0L;
        while (!Volatile.Read(ref done) || received < Interlocked.Read(ref sent))
        {
            var chunk = new byte[4096];
            expected.NextBytes(chunk);
            Assert.Equal(chunk, await client.ReadAsync(chunk.Length, patienceMs: 4 * Bench.Patience));
            received += chunk.Length;
        }
        await sending;
    }

    [Fact]
    public async Task WebSocket_messages_are_identical_and_in_order_while_faults_come_and_go()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        var sent = 0;
        var done = false;
        var sending = Task.Run(async () =>
        {
            var random = new Random(4);
            var start = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(start) < Duration)
            {
                await client.SendTextAsync($"{Interlocked.Increment(ref sent)} {new string('m', random.Next(3000))}");
                if (random.Next(8) == 0) await Task.Delay(1);
            }
            Volatile.Write(ref done, true);
        });
        var receiving = Task.Run(async () =>
        {
            for (var n = 1; !Volatile.Read(ref done) || n <= Volatile.Read(ref sent); n++)
                Assert.StartsWith($"{n} m", await client.ReceiveTextAsync(4 * Bench.Patience) + "m", StringComparison.Ordinal);
        });
        await ToggleAsync(bench, sending, WithMessages, seed: 12);
        await sending;
        await bench.Control.RemoveAllFaultsAsync();
        await client.SendTextAsync($"{Interlocked.Increment(ref sent)} m");
        await receiving.WaitAsync(TimeSpan.FromMilliseconds(4 * Bench.Patience));
        output.WriteLine($"{sent} messages");
        Assert.Equal(WebSocketState.Open, client.State);
    }
}
