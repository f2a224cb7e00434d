using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>The metrics page.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Connections_bytes_faults_and_injections_are_counted_by_link()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync("p");
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 1 }, link: "p");
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("12345"u8.ToArray());
        var metrics = await bench.Control.MetricsAsync();
        Assert.Contains("chaos_proxy_connections_total{link=\"p\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("chaos_proxy_connections_active{link=\"p\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("chaos_proxy_faults{link=\"p\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("chaos_proxy_halted{} 0", metrics, StringComparison.Ordinal);
        Assert.Matches("chaos_proxy_bytes_total\\{[^}]*direction=\"upstream\"[^}]*\\} 5\\b", metrics);
        Assert.Matches("chaos_proxy_injected_total\\{[^}]*type=\"latency\"[^}]*\\} [12]\\b", metrics);
    }

    [Fact]
    public async Task Toxiproxys_counters_have_its_labels_and_are_live()
    {
        await using var bench = await Bench.StartAsync();
        var server = bench.Own(new EchoServer());
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("p", "127.0.0.1:0", server.Address));
        string Line(string name, string direction, int bytes) =>
            $"toxiproxy_proxy_{name}_bytes_total{{direction=\"{direction}\",listener=\"{proxy.Listen}\",proxy=\"p\",upstream=\"{server.Address}\"}} {bytes}\n";
        using (var client = await Bench.ConnectAsync(System.Net.IPEndPoint.Parse(proxy.Listen)))
        {
            await client.EchoAsync("12345"u8.ToArray());
            var open = await bench.Control.MetricsAsync();
            foreach (var direction in new[] { "upstream", "downstream" })
            {
                Assert.Contains(Line("received", direction, 5), open, StringComparison.Ordinal);
                Assert.Contains(Line("sent", direction, 5), open, StringComparison.Ordinal);
            }
            // What a fault keeps was received all the same.
            await bench.FaultAsync("blackhole", stream: "upstream", link: "p");
            await client.SendAllAsync("swallowed"u8.ToArray());
            var lines = "";
            for (var start = TimeProvider.System.GetTimestamp(); !lines.Contains(Line("received", "upstream", 14), StringComparison.Ordinal);)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start).TotalSeconds < 30, lines);
                lines = await bench.Control.MetricsAsync();
            }
            Assert.Contains(Line("sent", "upstream", 5), lines, StringComparison.Ordinal);
            client.Shutdown(SocketShutdown.Both);
        }
        await bench.Control.RemoveFaultAsync("p", "blackhole");
        await bench.LedgerAsync("ledger.closed");
        Assert.Contains(Line("received", "upstream", 14), await bench.Control.MetricsAsync(), StringComparison.Ordinal);
    }
}
