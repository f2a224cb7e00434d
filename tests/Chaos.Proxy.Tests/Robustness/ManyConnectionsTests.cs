using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Sidecar;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>
/// Many connections held while faults come and go leave nothing behind: no socket, no timer, no memory. With CHAOS_LONG=1 as
/// many as fit a limit of 20,000 descriptors, which common machines have.
/// </summary>
[Collection(Alone.Name)]
public sealed class ManyConnectionsTests(ITestOutputHelper output)
{
    private const string LinuxOnly = "counts sockets in /proc";
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("CHAOS_LONG") == "1";

    // Four descriptors each in this one process, or two in each of two processes.
    private static readonly int Count = IsLong ? 4_500 : 600;
    private static readonly int CountOutside = IsLong ? 9_000 : 300;

    private static int OpenSockets(string process = "self")
    {
        try
        {
            return Directory.GetFiles($"/proc/{process}/fd").Count(path => new FileInfo(path).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
        }
        catch (IOException)
        {
            // One of them was closed between the listing and the look at it.
            return int.MaxValue;
        }
    }

    private static long LiveBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static long ResidentKb(string process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    [Fact]
    public async Task Nothing_is_left_when_they_are_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), LinuxOnly);
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        // The first round fills the pools.
        await RoundAsync(bench.Control, server, address, Count);
        await Bench.Until(() => bench.Ledger("ledger.closed").Length == Count, patienceMs: 4 * Bench.Patience);
        var (sockets, timers, bytes) = (OpenSockets(), Timer.ActiveCount, LiveBytes());
        await RoundAsync(bench.Control, server, address, Count);
        await Bench.Until(() => bench.Ledger("ledger.closed").Length == 2 * Count, patienceMs: 4 * Bench.Patience);
        await Bench.Until(() => OpenSockets() <= sockets + 2, () => $"{OpenSockets()} sockets are open, {sockets} were");
        await Bench.Until(() => Timer.ActiveCount <= timers + 5, () => $"{Timer.ActiveCount} timers are active, {timers} were");
        var after = LiveBytes();
        output.WriteLine($"{Count} connections: sockets {sockets} -> {OpenSockets()}, timers {timers} -> {Timer.ActiveCount}, live bytes {bytes} -> {after}");
        // Pools swell and shrink by 2 to 3 MB; with many connections a leak of a kilobyte each would show.
        Assert.True(after - bytes < 3_000_000 + Count * 256L, $"{after - bytes} bytes more are alive");
    }

    [Fact]
    public async Task A_proxy_of_its_own_is_as_it_was_when_they_are_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), LinuxOnly);
        using var proxy = await SidecarProcess.ReadyAsync();
        using var control = new ControlClient(proxy.Control);
        await using var server = new EchoServer();
        var address = IPEndPoint.Parse((await control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address))).Listen);
        var sockets = OpenSockets(proxy.Id);
        var resident = new List<long>();
        // Twice as many connections as this leave no port free for a minute: the kernel remembers those that have ended.
        for (var round = 0; round < 2; round++)
        {
            await RoundAsync(control, server, address, CountOutside);
            // Its control API may hold a connection or two of this client.
            await Bench.Until(() => OpenSockets(proxy.Id) <= sockets + 2, () => $"{OpenSockets(proxy.Id)} sockets are open, {sockets} were", 4 * Bench.Patience);
            resident.Add(ResidentKb(proxy.Id));
        }
        output.WriteLine($"{CountOutside} connections, twice: resident kB after each {string.Join(", ", resident)}; sockets {sockets} -> {OpenSockets(proxy.Id)}");
        // Nobody can make it collect from here, so a part of this is garbage; the test above looks closer.
        Assert.True(resident[1] < 1.35 * resident[0], $"it grows: {string.Join(", ", resident)} kB");
    }

    private static async Task RoundAsync(ControlClient control, EchoServer server, IPEndPoint address, int count)
    {
        (string Type, string Attributes)[] faults =
        [
            ("latency", """{"latency":5,"jitter":5}"""), ("loss", """{"p":0.2,"rtt_ms":2}"""), ("bandwidth", """{"rate":1000}"""), ("slicer", """{"average_size":50}"""),
            ("stall", "{}"), ("slow_close", """{"delay":5}"""),
        ];
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
            if (on.Add(type)) await control.AddFaultAsync("link", new FaultRequest(type, type, "both", 1, JsonNode.Parse(attributes)!.AsObject()));
            else
            {
                on.Remove(type);
                await control.RemoveFaultAsync("link", type);
            }
            await Task.WhenAny(talking, Task.Delay(20));
            // A stall that is left on would be waited for.
            if (on.Remove("stall")) await control.RemoveFaultAsync("link", "stall");
        }
        await talking;
        await control.RemoveAllFaultsAsync();
        foreach (var client in clients) client.Dispose();
        await Bench.Until(() => server.Connections.IsEmpty || server.Endings.Count >= count, patienceMs: 4 * Bench.Patience);
        while (server.Connections.TryTake(out var connection)) connection.Dispose();
        server.Endings.Clear();
    }
}
