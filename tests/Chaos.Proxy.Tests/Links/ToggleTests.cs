using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Links;

public sealed class ToggleTests(ITestOutputHelper output)
{
    private static readonly (string Type, JsonObject Attributes)[] Faults =
    [
        ("latency", new JsonObject { ["latency"] = 5, ["jitter"] = 5, ["distribution"] = "normal" }),
        ("bandwidth", new JsonObject { ["rate"] = 20_000 }),
        ("loss", new JsonObject { ["p"] = 0.1, ["rtt_ms"] = 5, ["rto_ms"] = 10 }),
    ];

    // Faults come and go at random while the traffic runs.
    private async Task ToggleAsync(Bench bench, Task traffic)
    {
        const int Seed = 11;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var on = new HashSet<string>();
        while (!traffic.IsCompleted)
        {
            var (type, attributes) = Faults[random.Next(Faults.Length)];
            if (on.Add(type)) await bench.FaultAsync(type, (JsonObject)attributes.DeepClone(), stream: random.Next(3) switch { 0 => "upstream", 1 => "downstream", _ => "both" });
            else
            {
                on.Remove(type);
                await bench.Control.RemoveFaultAsync("link", type);
            }
            await Task.WhenAny(traffic, Task.Delay(random.Next(15)));
        }
    }

    [Fact]
    public async Task Tcp_bytes_are_identical_while_faults_come_and_go()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        var traffic = Task.Run(async () =>
        {
            var random = new Random(3);
            var start = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(start).TotalSeconds < 2)
            {
                var data = new byte[random.Next(1, 20_000)];
                random.NextBytes(data);
                await client.EchoAsync(data);
            }
        });
        await ToggleAsync(bench, traffic);
        await traffic;
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
            while (TimeProvider.System.GetElapsedTime(start).TotalSeconds < 2)
            {
                await client.SendTextAsync($"{Interlocked.Increment(ref sent)} {new string('m', random.Next(3000))}");
                if (random.Next(8) == 0) await Task.Delay(1);
            }
            done = true;
        });
        var receiving = Task.Run(async () =>
        {
            for (var n = 1; !Volatile.Read(ref done) || n <= Volatile.Read(ref sent); n++)
                Assert.StartsWith($"{n} m", await client.ReceiveTextAsync() + "m", StringComparison.Ordinal);
        });
        await ToggleAsync(bench, sending);
        await sending;
        await bench.Control.RemoveAllFaultsAsync();
        await client.SendTextAsync($"{Interlocked.Increment(ref sent)} m");
        await receiving.WaitAsync(TimeSpan.FromMilliseconds(Bench.Patience));
        output.WriteLine($"{sent} messages");
        Assert.Equal(WebSocketState.Open, client.State);
    }
}
