using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Connecting;

public sealed class ConnectFaultTests
{
    public static TheoryData<string> Kinds => new("tcp", "websocket", "http");

    private static async Task<bool> CompletesAsync(Task task, int milliseconds)
    {
        await Task.WhenAny(task, Task.Delay(milliseconds));
        return task.IsCompleted;
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_delayed_connection_is_accepted_but_served_late(string kind)
    {
        await using var link = await ConnectBench.StartAsync(kind);
        await link.Bench.FaultAsync("connect_delay", new JsonObject { ["delay"] = 250, ["jitter"] = 50 });
        var start = TimeProvider.System.GetTimestamp();
        using var client = await link.ConnectAsync();
        await link.ExchangeAsync(client);
        Assert.True(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds >= 199);
        var injected = await link.Bench.LedgerAsync("ledger.injected");
        Assert.Equal(("delayed", 1), (injected["action"]!.GetValue<string>(), injected["conn"]!.GetValue<int>()));
        Assert.InRange(injected["configured_us"]!.GetValue<long>(), 200_000, 300_000);
        Assert.True(injected["observed_us"]!.GetValue<long>() >= injected["configured_us"]!.GetValue<long>());
        var opened = await link.Bench.LedgerAsync("ledger.opened");
        Assert.Equal(1, opened["conn"]!.GetValue<int>());
        Assert.Single(link.Bench.Ledger("ledger.roll"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Connections_that_wait_go_on_when_the_fault_is_removed_and_open_ones_never_waited(string kind)
    {
        await using var link = await ConnectBench.StartAsync(kind);
        using var open = await link.ConnectAsync();
        await link.ExchangeAsync(open);
        await link.Bench.FaultAsync("connect_delay", new JsonObject { ["delay"] = 3_600_000 });
        await link.StillServedAsync(open);
        var served = link.Served;
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => link.ConnectAsync()));
        var exchanges = Array.ConvertAll(clients, link.ExchangeAsync);
        await Bench.Until(() => link.Bench.Ledger("ledger.roll").Length == 10);
        // They were accepted, and the server has not seen them.
        Assert.DoesNotContain(exchanges, exchange => exchange.IsCompleted);
        Assert.Equal(served, link.Served);
        await link.Bench.Control.RemoveFaultAsync("link", "connect_delay");
        await Task.WhenAll(exchanges);
        foreach (var client in clients)
            client.Dispose();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Connections_that_wait_are_cut_when_the_link_goes_down_and_when_it_is_deleted(string kind)
    {
        await using var link = await ConnectBench.StartAsync(kind);
        await link.Bench.FaultAsync("connect_delay", new JsonObject { ["delay"] = 3_600_000 });
        using var one = await link.ConnectAsync();
        await link.Bench.LedgerAsync("ledger.roll");
        await link.Bench.FaultAsync("down");
        Assert.Equal("rst", await one.EndingAsync());
        Assert.Equal(("fault", "down"), await EndAsync(1));
        await link.Bench.Control.RemoveFaultAsync("link", "down");
        using var two = await link.ConnectAsync();
        await Bench.Until(() => link.Bench.Ledger("ledger.roll").Any(line => line["conn"]!.GetValue<int>() == 2));
        await link.Bench.Control.DeleteProxyAsync("link");
        Assert.Equal("rst", await two.EndingAsync());
        Assert.Equal(("proxy", null), await EndAsync(2));
        Assert.Equal(0, link.Served);

        async Task<(string, string?)> EndAsync(int conn)
        {
            var closed = await link.Bench.LedgerAsync("ledger.closed", line => line["conn"]!.GetValue<int>() == conn);
            return (closed["by"]!.GetValue<string>(), closed["fault"]?.GetValue<string>());
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Refused_by_the_kernel_while_open_connections_live_on(string kind)
    {
        await using var link = await ConnectBench.StartAsync(kind);
        using var open = await link.ConnectAsync();
        await link.ExchangeAsync(open);
        await link.Bench.FaultAsync("refuse");
        Assert.Equal("refused", await link.TryAsync());
        await link.StillServedAsync(open);
        await link.Bench.Control.RemoveFaultAsync("link", "refuse");
        Assert.Equal("served", await link.TryAsync());
        await link.StillServedAsync(open);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_share_is_accepted_and_reset_and_the_seed_says_which(string kind)
    {
        async Task<string[]> RunAsync()
        {
            await using var link = await ConnectBench.StartAsync(kind);
            await link.Bench.FaultAsync("refuse", toxicity: 0.5);
            var fates = new string[30];
            for (var i = 0; i < fates.Length; i++)
                fates[i] = await link.TryAsync();
            var hit = fates.Index().Where(fate => fate.Item == "rst").Select(fate => fate.Index + 1);
            await Bench.Until(() => link.Bench.Ledger("ledger.injected").Length == hit.Count());
            Assert.Equal(hit, link.Bench.Ledger("ledger.injected").Select(line => line["conn"]!.GetValue<int>()));
            Assert.Equal(hit, link.Bench.Ledger("ledger.closed").Where(line => line["fault"] is not null).Select(line => line["conn"]!.GetValue<int>()));
            Assert.Equal(fates.Length, link.Bench.Ledger("ledger.roll").Length);
            return fates;
        }

        var first = await RunAsync();
        Assert.InRange(first.Count(fate => fate == "rst"), 6, 24);
        Assert.Equal(30, first.Count(fate => fate is "rst" or "served"));
        Assert.Equal(first, await RunAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_hanging_connect_completes_when_the_fault_is_removed(string kind)
    {
        await using var link = await ConnectBench.StartAsync(kind);
        using var open = await link.ConnectAsync();
        await link.ExchangeAsync(open);
        await link.Bench.FaultAsync("connect_hang");
        var waiting = Enumerable.Range(0, 5).Select(_ => link.ConnectAsync()).ToArray();
        Assert.False(await CompletesAsync(Task.WhenAny(waiting), 600));
        await link.StillServedAsync(open);
        await link.Bench.Control.RemoveFaultAsync("link", "connect_hang");
        foreach (var client in await Task.WhenAll(waiting))
        {
            await link.ExchangeAsync(client);
            client.Dispose();
        }
        var injected = await link.Bench.LedgerAsync("ledger.injected");
        Assert.Equal("hung", injected["action"]!.GetValue<string>());
        Assert.True(injected["item"]!.GetValue<long>() >= 5, injected.ToJsonString());
        Assert.Equal("served", await link.TryAsync());
    }

    [Fact]
    public async Task A_hanging_link_can_go_down_be_refused_and_be_deleted()
    {
        await using var link = await ConnectBench.StartAsync("tcp");
        await link.Bench.FaultAsync("connect_hang");
        await link.Bench.FaultAsync("down");
        Assert.Equal("refused", await link.TryAsync());
        await link.Bench.Control.RemoveFaultAsync("link", "down");
        var waiting = link.TryAsync();
        Assert.False(await CompletesAsync(waiting, 300));
        await link.Bench.FaultAsync("refuse");
        // The next attempt of the kernel finds nobody who listens.
        Assert.Equal("refused", await waiting);
        await link.Bench.Control.RemoveFaultAsync("link", "refuse");
        waiting = link.TryAsync();
        Assert.False(await CompletesAsync(waiting, 300));
        await link.Bench.Control.DeleteProxyAsync("link");
        Assert.Equal("refused", await waiting);
        Assert.Equal(0, link.OpenSockets());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Faults_that_come_and_go_while_clients_connect_leave_nothing_behind(string kind)
    {
        await using var link = await ConnectBench.StartAsync(kind);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 12).Select(_ => Task.Run(async () =>
        {
            var served = 0;
            while (!stop.IsCancellationRequested)
            {
                if (await link.TryAsync() == "served") served++;
                await Task.Delay(1);
            }
            return served;
        })).ToArray();
        (string Type, JsonObject Attributes, double Toxicity)[] faults =
        [
            ("connect_hang", [], 1), ("refuse", [], 1), ("refuse", [], 0.5), ("connect_delay", new JsonObject { ["delay"] = 20, ["jitter"] = 20 }, 0.7), ("down", [], 1),
        ];
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var (type, attributes, toxicity) = faults[random.Next(faults.Length)];
            await link.Bench.FaultAsync(type, (JsonObject)attributes.DeepClone(), toxicity: toxicity);
            await Task.Delay(random.Next(25));
            if (random.Next(3) > 0) await link.Bench.Control.RemoveFaultAsync("link", type);
            else await link.Bench.Control.RemoveAllFaultsAsync();
        }
        await link.Bench.Control.RemoveAllFaultsAsync();
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        for (var i = 0; i < 5; i++)
            Assert.Equal("served", await link.TryAsync());
        await Bench.Until(() => link.OpenSockets() == 0, () => $"{link.OpenSockets()} sockets are left");
        await Bench.Until(() => link.Bench.Ledger("ledger.opened").Length == link.Bench.Ledger("ledger.closed").Length);
    }

    [Theory]
    [InlineData("connect_hang", """{"toxicity":0.5}""", "toxicity of connect_hang must be 1")]
    [InlineData("connect_hang", """{"target":{"connections":{"first":2}}}""", "target.connections does not go with connect_hang")]
    [InlineData("connect_delay", "{}", "attribute delay is required")]
    [InlineData("refuse", """{"target":{"connections":{"labels":{"path":"/x"}}}}""", "labels.path does not go with refuse: it is not known yet")]
    [InlineData("refuse", """{"target":{"messages":{"share":0.5}}}""", "target.messages does not go with refuse")]
    public async Task What_cannot_be_is_told(string type, string members, string error)
    {
        await using var bench = await Bench.StartAsync();
        await bench.TcpAsync();
        var body = JsonNode.Parse(members)!.AsObject();
        body["type"] = type;
        using var http = new HttpClient { BaseAddress = bench.Host.ControlAddress };
        using var answer = await http.PostAsync(new Uri("/chaos/proxies/link/faults", UriKind.Relative), new StringContent(body.ToJsonString()));
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(error, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_first_connections_are_refused()
    {
        await using var link = await ConnectBench.StartAsync("tcp");
        using var http = new HttpClient { BaseAddress = link.Bench.Host.ControlAddress };
        using var answer = await http.PostAsync(new Uri("/chaos/proxies/link/faults", UriKind.Relative), new StringContent("""{"type":"refuse","target":{"connections":{"first":3}}}"""));
        answer.EnsureSuccessStatusCode();
        var fates = new List<string>();
        for (var i = 0; i < 6; i++)
            fates.Add(await link.TryAsync());
        Assert.Equal(["rst", "rst", "rst", "served", "served", "served"], fates);
    }
}
