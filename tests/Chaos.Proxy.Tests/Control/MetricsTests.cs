using System.Net.Sockets;
using System.Net.WebSockets;
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
    public async Task What_the_wire_shows_of_websocket_connections_is_counted()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 60 });
        using (var first = await Bench.ConnectAsync(address, "c-1"))
        {
            // The server says {} because the client did. What the client says next answers it, and waits 60 ms on the way down and up.
            await first.EchoAsync("{}");
            await first.EchoAsync("not an answer");
            await first.EchoAsync("{}");
            Assert.Equal(1, Value(await bench.Control.MetricsAsync(), "chaos_proxy_upstream_connections_active", $"upstream=\"{server.Address}\""));
            await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }

        await bench.LedgerAsync("ledger.closed");
        using var second = await Bench.ConnectAsync(address, "c-1");
        using var other = await Bench.ConnectAsync(address, "c-2");
        await Assert.ThrowsAsync<WebSocketException>(() => Bench.ConnectAsync(new Uri(address, "/deny"), "c-3"));
        var metrics = await bench.Control.MetricsAsync();
        Assert.Equal(3, Value(metrics, "chaos_proxy_handshakes_total", "status=\"101\"", "by=\"upstream\""));
        Assert.Equal(1, Value(metrics, "chaos_proxy_handshakes_total", "status=\"401\"", "by=\"upstream\""));
        Assert.Equal(1, Value(metrics, "chaos_proxy_reconnects_total"));
        Assert.Equal(2, Value(metrics, "chaos_proxy_clients_total"));
        Assert.Equal(2, Value(metrics, "chaos_proxy_upstream_connections_active", $"upstream=\"{server.Address}\""));
        Assert.Equal(1, Value(metrics, "chaos_proxy_disconnects_total", "code=\"1000\"", "by=\"client\""));
        Assert.Equal(1, Value(metrics, "chaos_proxy_rtt_seconds_count"));
        // The other message took another way there and back in between.
        Assert.InRange(Value(metrics, "chaos_proxy_rtt_seconds_sum"), 0.239, 10);

        await bench.FaultAsync("reset_peer", new JsonObject { ["timeout"] = 0 });
        await bench.LedgerAsync("ledger.closed", line => line["how"]!.GetValue<string>() == "rst" && line["client"]!.GetValue<string>() == "c-2");
        await bench.LedgerAsync("ledger.closed", line => line["how"]!.GetValue<string>() == "rst" && line["client"]!.GetValue<string>() == "c-1");
        metrics = await bench.Control.MetricsAsync();
        Assert.Equal(2, Value(metrics, "chaos_proxy_disconnects_total", "code=\"1006\"", "by=\"fault\""));
        Assert.Equal(0, Value(metrics, "chaos_proxy_upstream_connections_active"));
    }

    // The sum of the series that have these labels.
    private static double Value(string metrics, string name, params string[] labels) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));

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
