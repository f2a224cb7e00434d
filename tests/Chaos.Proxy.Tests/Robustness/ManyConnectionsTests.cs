using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>Many connections held while faults come and go leave nothing behind: no socket, no timer, no memory.</summary>
[Collection(Alone.Name)]
public sealed class ManyConnectionsTests(ITestOutputHelper output)
{
    // Four descriptors each in this one process, and a limit of 20,000 on common machines.
    private static readonly int Count = Environment.GetEnvironmentVariable("CHAOS_LONG") == "1" ? 4_500 : 600;

    private static int OpenSockets() => Directory.GetFiles("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static long LiveBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    [Fact]
    public async Task Nothing_is_left_when_they_are_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "counts sockets in /proc");
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        await RoundAsync(bench, server, address, 50);
        var (sockets, timers, bytes) = (OpenSockets(), Timer.ActiveCount, LiveBytes());
        await RoundAsync(bench, server, address, Count);
        await Bench.Until(() => OpenSockets() <= sockets + 2, () => $"{OpenSockets()} sockets are open, {sockets} were");
        await Bench.Until(() => Timer.ActiveCount <= timers + 5, () => $"{Timer.ActiveCount} timers are active, {timers} were");
        var after = LiveBytes();
        output.WriteLine($"{Count} connections: sockets {sockets} -> {OpenSockets()}, timers {timers} -> {Timer.ActiveCount}, live bytes {bytes} -> {after}");
        // Pools and the server's own list keep a little; a leak of a kilobyte a connection would show.
        Assert.True(after - bytes < 2_000_000 + Count * 512L, $"{after - bytes} bytes more are alive");
    }

    private static async Task RoundAsync(Bench bench, EchoServer server, System.Net.IPEndPoint address, int count)
    {
        (string Type, string Attributes)[] faults =
        [
            ("latency", """{"latency":5,"jitter":5}"""), ("loss", """{"p":0.2,"rtt_ms":2}"""), ("bandwidth", """{"rate":1000}"""), ("slicer", """{"average_size":50}"""),
            ("stall", "{}"), ("slow_close", """{"delay":5}"""),
        ];
        var before = bench.Ledger("ledger.closed").Length;
        var clients = new List<Socket>();
        for (var i = 0; i < count; i++) clients.Add(await Bench.ConnectAsync(address));
        var random = new Random(count);
        var talking = Task.WhenAll(clients.Select(async client =>
        {
            for (var i = 0; i < 5; i++) await client.EchoAsync(new byte[100]);
        }));
        var on = new HashSet<string>();
        while (!talking.IsCompleted)
        {
            var (type, attributes) = faults[random.Next(faults.Length)];
            if (on.Add(type)) await bench.FaultAsync(type, JsonNode.Parse(attributes)!.AsObject());
            else
            {
                on.Remove(type);
                await bench.Control.RemoveFaultAsync("link", type);
            }
            await Task.WhenAny(talking, Task.Delay(20));
            // A stall that is left on would be waited for.
            if (on.Remove("stall")) await bench.Control.RemoveFaultAsync("link", "stall");
        }
        await talking;
        await bench.Control.RemoveAllFaultsAsync();
        foreach (var client in clients) client.Dispose();
        await Bench.Until(() => bench.Ledger("ledger.closed").Length - before == count, patienceMs: 4 * Bench.Patience);
        await Bench.Until(() => server.Connections.IsEmpty || server.Endings.Count >= count);
        while (server.Connections.TryTake(out var connection)) connection.Dispose();
        server.Endings.Clear();
    }
}
