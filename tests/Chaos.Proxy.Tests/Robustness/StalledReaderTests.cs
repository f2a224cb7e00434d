using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>Control calls never wait for traffic, however stuck it is.</summary>
public sealed class StalledReaderTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("CHAOS_LONG") == "1";

    [Theory]
    [InlineData("latency", """{"latency":60000}""")]
    [InlineData("bandwidth", """{"rate":1}""")]
    [InlineData("stall", "{}")]
    [InlineData("slicer", """{"average_size":10,"delay":100000}""")]
    [InlineData("timeout", """{"timeout":0}""")]
    [InlineData("reset_peer", "{}")]
    public async Task A_call_answers_though_no_client_reads(string type, string attributes)
    {
        var count = Long ? 1000 : 25;
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        var clients = new List<Socket>();
        for (var i = 0; i < count; i++) clients.Add(await Bench.ConnectAsync(address));
        // The echo comes back to clients that never read: sockets on all sides fill, and writes of the proxy block.
        var data = new byte[256 * 1024];
        var sent = 0L;
        var stuck = clients.Select(async client =>
        {
            try
            {
                while (true) Interlocked.Add(ref sent, await client.SendAsync(data));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The fault ends the connection, or the test does.
            }
        }).ToArray();
        var before = -1L;
        while (before != (before = Interlocked.Read(ref sent))) await Task.Delay(200);
        await TimedAsync("add", () => bench.FaultAsync(type, JsonNode.Parse(attributes)!.AsObject()));
        await TimedAsync("list", () => bench.Control.ListFaultsAsync());
        await TimedAsync("remove", () => bench.Control.RemoveFaultAsync("link", type));
        await TimedAsync("delete", () => bench.Control.DeleteProxyAsync("link"));
        foreach (var client in clients) client.Dispose();
        await Task.WhenAll(stuck);
        await Bench.Until(() => bench.Ledger("ledger.closed").Length == count);
    }

    private async Task TimedAsync(string what, Func<Task> call)
    {
        var start = TimeProvider.System.GetTimestamp();
        await call();
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        output.WriteLine($"{what}: {elapsed.TotalMilliseconds:F0} ms");
        // A call that waits for traffic would never come back. How fast it is when it does not is told on a quiet machine.
        Assert.True(elapsed.TotalSeconds < (Long ? 1 : 30), $"{what} took {elapsed}");
    }
}
