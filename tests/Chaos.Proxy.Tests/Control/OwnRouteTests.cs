using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>What the control API can do beyond Toxiproxy's.</summary>
public sealed class OwnRouteTests
{
    private static async Task PlayAsync(string conversation)
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        await wire.PlayAsync(conversation);
    }

    [Fact]
    public Task A_proxy_is_made_shown_changed_and_deleted_with_all_its_settings() => PlayAsync("""
        POST /chaos/proxies {"name":"a","upstream":"x:1","nonsense":1,"other":2}
        400 {"error":"bad request body: nonsense, other: unknown; known are: *
        POST /chaos/proxies {"name":"a","upstream":"nowhere"}
        400 {"error":"bad request body: upstream: *
        POST /chaos/proxies {"name":"a","upstream":"x:1","labels":{"team":7}}
        400 {"error":"bad request body: labels.team must be a string","status":400}
        POST /chaos/proxies {"name":"a","kind":"tcp","listen":"HOST:7001","upstream":"x:1","region":"eu","labels":{"team":"blue"},"faults":[{"name":"hole","type":"blackhole","stream":"both","toxicity":0.5}]}
        201 {"name":"a","kind":"tcp","listen":"HOST:7001","upstream":"x:1","enabled":true,"region":"eu","labels":{"team":"blue"},"faults":[{"attributes":{},"name":"hole","type":"blackhole","stream":"both","toxicity":0.5,"proxy":"a"}],"connections":0,"bytes_up":0,"bytes_down":0}
        POST /chaos/proxies {"name":"a","upstream":"x:1"}
        409 {"error":"proxy already exists","status":409}
        GET /chaos/proxies/b
        404 {"error":"proxy not found","status":404}
        PATCH /chaos/proxies/a {"upstream":"bad"}
        400 {"error":"bad request body: upstream: *
        PATCH /chaos/proxies/a {"name":"b"}
        400 {"error":"bad request body: name: unknown; known are: listen, upstream, tls, upstream_tls, enabled","status":400}
        PATCH /chaos/proxies/a {"enabled":false}
        200 {"name":"a","kind":"tcp","listen":"HOST:7001","upstream":"x:1","enabled":false,*
        DELETE /chaos/proxies/a
        204
        GET /chaos/proxies
        200 []
        """);

    [Fact]
    public Task A_proxy_is_sent_elsewhere_and_malformed_weights_change_nothing() => PlayAsync("""
        POST /chaos/proxies {"name":"a","listen":"HOST:7001","upstream":"x:1*1001"}
        400 {"error":"bad request body: upstream: upstream x:1*1001: the weight must be a whole number from 0 to 1000","status":400}
        POST /chaos/proxies {"name":"a","listen":"HOST:7001","upstream":"x:1, x:2*3"}
        201 *
        PUT /chaos/proxies/a/upstream {"upstream":"x:1*-1"}
        400 {"error":"bad request body: upstream: upstream x:1*-1: the weight must be a whole number from 0 to 1000","status":400}
        PUT /chaos/proxies/a/upstream {"upstream":""}
        400 {"error":"bad request body: upstream is missing","status":400}
        PUT /chaos/proxies/a/upstream {"upstream":"x:1","listen":"HOST:7002"}
        400 {"error":"bad request body: listen: unknown; known are: upstream","status":400}
        GET /proxies/a
        200 {"name":"a","listen":"HOST:7001","upstream":"x:1, x:2*3",*
        PUT /chaos/proxies/a/upstream {"upstream":"x:1*0,x:3"}
        200 {"name":"a","kind":"tcp","listen":"HOST:7001","upstream":"x:1*0,x:3",*
        PUT /chaos/proxies/b/upstream {"upstream":"x:1"}
        404 {"error":"proxy not found","status":404}
        """);

    [Fact]
    public Task All_leases_of_a_proxy_are_renewed_at_once() => PlayAsync("""
        POST /proxies {"name":"a","upstream":"x","listen":"HOST:7001"}
        201 *
        POST /chaos/proxies/a/faults {"name":"1","type":"noop","lease_ms":60000}
        200 *
        POST /chaos/proxies/a/faults {"name":"2","type":"noop"}
        200 *
        POST /chaos/proxies/a/faults {"name":"3","type":"noop","lease_ms":60000}
        200 *
        POST /chaos/proxies/a/renew
        200 {"renewed":["1","3"]}
        POST /chaos/proxies/b/renew
        404 {"error":"proxy not found","status":404}
        """);

    [Fact]
    public Task Halt_removes_every_fault_and_refuses_new_ones_on_every_way_in() => PlayAsync("""
        POST /proxies {"name":"a","upstream":"x","listen":"HOST:7001"}
        201 *
        POST /proxies {"name":"off","upstream":"x","listen":"HOST:7002","enabled":false}
        201 *
        POST /proxies/a/toxics {"type":"latency"}
        200 *
        POST /chaos/proxies/a/faults {"name":"hole","type":"blackhole","lease_ms":60000}
        200 *
        GET /chaos/halt
        200 {"halted":false}
        POST /chaos/halt {"reason":7}
        400 {"error":"bad request body: *
        POST /chaos/halt {"reason":"customers call"}
        200 {"halted":true,"since":"*
        GET /chaos/faults
        200 []
        GET /proxies/off
        200 {"name":"off","listen":"HOST:7002","upstream":"x","enabled":true,"toxics":[]}
        POST /proxies/a/toxics {"type":"latency"}
        409 {"error":"halted since *
        POST /chaos/proxies/a/faults {"name":"hole","type":"blackhole"}
        409 {"error":"halted since *
        POST /chaos/proxies {"name":"b","upstream":"x:1","listen":"HOST:7003","faults":[{"type":"noop"}]}
        409 {"error":"halted since *
        POST /proxies {"name":"b","upstream":"x:1","listen":"HOST:7003","toxics":[{"type":"noop"}]}
        409 {"error":"halted since *
        POST /populate [{"name":"b","upstream":"x:1","listen":"HOST:7003","toxics":[{"type":"noop"}]}]
        409 {"error":"halted since *
        POST /chaos/proxies/a/renew
        409 {"error":"halted since *
        POST /proxies/a {"enabled":false}
        409 {"error":"halted since *
        POST /proxies {"name":"b","upstream":"x:1","listen":"HOST:7003"}
        201 *
        POST /chaos/halt
        200 {"halted":true,*
        DELETE /chaos/halt
        204
        DELETE /chaos/halt
        204
        GET /chaos/halt
        200 {"halted":false}
        POST /proxies/a/toxics {"type":"latency"}
        200 *
        """);

    [Fact]
    public async Task A_halt_says_who_is_to_release_it_and_stands_in_the_ledger()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        await bench.TcpAsync();
        await bench.FaultAsync("noop");
        await wire.SendAsync("POST /chaos/halt {\"reason\":\"customers call\"}");
        var (_, refusal) = await wire.SendAsync("POST /proxies/link/toxics {\"type\":\"latency\"}");
        Assert.Matches(@"halted since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(customers call\): no fault is accepted until DELETE /chaos/halt releases it", refusal);
        await wire.SendAsync("DELETE /chaos/halt");
        var on = await bench.LedgerAsync("ledger.halt", line => line["state"]!.GetValue<string>() == "on");
        Assert.Equal(("customers call", 1), (on["reason"]!.GetValue<string>(), on["removed"]!.GetValue<int>()));
        await bench.LedgerAsync("ledger.halt", line => line["state"]!.GetValue<string>() == "off");
    }

    [Fact]
    public async Task Seed_and_status_say_what_there_is()
    {
        await using var bench = await Bench.StartAsync(seed: 4711);
        using var wire = new Wire(bench);
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("noop");
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("x"u8.ToArray());
        await wire.PlayAsync("""
            GET /chaos/seed
            200 {"seed":4711}
            GET /chaos/status
            200 {"version":"2.12.0","seed":4711,"halt":{"halted":false},"proxies":1,"connections":1,"faults":1,"ledger_dropped":0}
            """);
    }

    [Fact]
    public async Task Connections_are_listed_with_what_is_known_of_them_and_can_be_cut_one_by_one()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var (_, address) = await bench.WebSocketAsync();
        using var ann = await Bench.ConnectAsync(address, "ann");
        using var ben = await Bench.ConnectAsync(address, "ben");
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 1 }, name: "lag");
        await ann.EchoAsync("hello");
        var all = JsonNode.Parse((await wire.SendAsync("GET /chaos/proxies/link/connections")).Body)!.AsArray();
        Assert.Equal([1, 2], all.Select(one => one!["conn"]!.GetValue<int>()));
        var first = all[0]!;
        Assert.Equal(("ann", "eu", "/connection/websocket"), (first["labels"]!["client"]!.GetValue<string>(), first["labels"]!["region"]!.GetValue<string>(), first["labels"]!["path"]!.GetValue<string>()));
        Assert.Equal((1, 1), (first["frames_up"]!.GetValue<int>(), first["frames_down"]!.GetValue<int>()));
        Assert.True(first["bytes_up"]!.GetValue<int>() > 5 && first["bytes_down"]!.GetValue<int>() > 5, first.ToJsonString());
        Assert.Equal("lag", first["faults"]!.AsArray().Single()!.GetValue<string>());
        Assert.InRange(DateTimeOffset.Parse(first["since"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1));

        Assert.Equal(204, (await wire.SendAsync("DELETE /chaos/proxies/link/connections/1")).Status);
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => ann.ReceiveTextAsync());
        await ben.EchoAsync("still here");
        Assert.Equal("proxy", (await bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
        await wire.PlayAsync("""
            DELETE /chaos/proxies/link/connections/1
            404 {"error":"connection not found","status":404}
            DELETE /chaos/proxies/link/connections/two
            404 {"error":"connection not found","status":404}
            GET /chaos/proxies/none/connections
            404 {"error":"proxy not found","status":404}
            """);
    }

    [Fact]
    public async Task Labels_of_a_proxy_are_those_of_its_connections_and_can_be_aimed_at()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var server = bench.Own(new EchoServer());
        await wire.SendAsync($$$"""POST /chaos/proxies {"name":"blue","listen":"HOST:7001","upstream":"{{{server.Address}}}","region":"eu","labels":{"team":"blue"}}""".Replace("HOST", wire.Host, StringComparison.Ordinal));
        using var client = await Bench.ConnectAsync(System.Net.IPEndPoint.Parse(wire.Host + ":7001"));
        await client.EchoAsync("x"u8.ToArray());
        var opened = await bench.LedgerAsync("ledger.opened");
        Assert.Equal("""{"label.team":"blue","region":"eu"}""", opened["labels"]!.ToJsonString());
        await bench.Control.AddFaultAsync("blue", new FaultRequest("red", "noop", Target: JsonNode.Parse("""{"connections":{"labels":{"label.team":"red"}}}""")!.AsObject()));
        await bench.Control.AddFaultAsync("blue", new FaultRequest("blue", "noop", Target: JsonNode.Parse("""{"connections":{"labels":{"label.team":"bl*","region":"eu"}}}""")!.AsObject()));
        var one = JsonNode.Parse((await wire.SendAsync("GET /chaos/proxies/blue/connections")).Body)![0]!;
        Assert.Equal("blue", one["faults"]!.AsArray().Single()!.GetValue<string>());
    }

    [Fact]
    public async Task A_dry_run_foretells_what_the_fault_will_hit_and_changes_nothing()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var (_, address) = await bench.TcpAsync();
        var clients = new List<System.Net.Sockets.Socket>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await Bench.ConnectAsync(address));
            await clients[^1].EchoAsync("x"u8.ToArray());
        }
        const string Fault = """{"name":"cut","type":"noop","toxicity":0.4,"target":{"connections":{"every":2,"max_active":3}}}""";
        var (status, body) = await wire.SendAsync($"POST /chaos/proxies/link/faults?dry_run=true {Fault}");
        var told = JsonNode.Parse(body)!;
        Assert.Equal((200, true, 20, 0.2, 3), (status, told["dry_run"]!.GetValue<bool>(), told["open"]!.GetValue<int>(), told["share_of_new"]!.GetValue<double>(), told["at_once_at_most"]!.GetValue<int>()));
        Assert.Equal("cut", told["fault"]!["name"]!.GetValue<string>());
        var foretold = told["would_hit"]!.AsArray().Select(one => one!["conn"]!.GetValue<long>()).ToArray();
        Assert.NotEmpty(foretold);
        Assert.Equal("[]", (await wire.SendAsync("GET /chaos/faults")).Body);
        Assert.Empty(bench.Ledger("ledger.roll"));

        Assert.Equal(body, (await wire.SendAsync($"POST /chaos/proxies/link/faults?dry_run=true {Fault}")).Body);
        await wire.SendAsync($"POST /chaos/proxies/link/faults {Fault}");
        var all = JsonNode.Parse((await wire.SendAsync("GET /chaos/proxies/link/connections")).Body)!.AsArray();
        Assert.Equal(foretold, all.Where(one => one!["faults"]!.AsArray().Count > 0).Select(one => one!["conn"]!.GetValue<long>()));
        Assert.Equal(400, (await wire.SendAsync("POST /chaos/proxies/link/faults?dry_run=true {\"type\":\"nonsense\"}")).Status);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Many_callers_at_once_leave_no_proxy_behind_that_nobody_sees()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var callers = Enumerable.Range(0, 8).Select(async caller =>
        {
            for (var i = 0; i < 25; i++)
            {
                await wire.SendAsync($$"""POST /proxies {"name":"p","upstream":"127.0.0.1:9","listen":"HOST:7001"}""".Replace("HOST", wire.Host, StringComparison.Ordinal));
                await wire.SendAsync("POST /proxies/p {\"enabled\":false}");
                await wire.SendAsync("POST /chaos/proxies/p/faults {\"type\":\"down\"}");
                await wire.SendAsync("POST /proxies/p {\"enabled\":true}");
                await wire.SendAsync("DELETE /proxies/p");
            }
        });
        await Task.WhenAll(callers);
        Assert.Equal((200, "{}"), await wire.SendAsync("GET /proxies"));
        // Nobody listens there any more, so it can be had.
        Assert.Equal(201, (await wire.SendAsync("POST /proxies {\"name\":\"q\",\"upstream\":\"127.0.0.1:9\",\"listen\":\"HOST:7001\"}".Replace("HOST", wire.Host, StringComparison.Ordinal))).Status);
    }
}
