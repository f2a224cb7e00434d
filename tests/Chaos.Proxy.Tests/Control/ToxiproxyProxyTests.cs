using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>Proxies over Toxiproxy's API. Every answer here is what a Toxiproxy 2.12 server gives to the same request.</summary>
public sealed class ToxiproxyProxyTests
{
    private static async Task PlayAsync(string conversation)
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        await wire.PlayAsync(conversation);
    }

    [Fact]
    public Task Making_a_proxy_checks_body_name_upstream_and_name_taken_in_this_order() => PlayAsync("""
        GET /proxies
        200 {}
        POST /proxies
        400 {"error":"bad request body: EOF","status":400}
        POST /proxies {"name":"a"
        400 {"error":"bad request body: unexpected EOF","status":400}
        POST /proxies [1]
        400 {"error":"bad request body: json: cannot unmarshal array*
        POST /proxies nonsense
        400 {"error":"bad request body: *
        POST /proxies null
        400 {"error":"missing required field: name","status":400}
        POST /proxies {}
        400 {"error":"missing required field: name","status":400}
        POST /proxies {"name":""}
        400 {"error":"missing required field: name","status":400}
        POST /proxies {"name":"a"}
        400 {"error":"missing required field: upstream","status":400}
        POST /proxies {"name":"a","upstream":""}
        400 {"error":"missing required field: upstream","status":400}
        POST /proxies {"name":3,"upstream":"x"}
        400 {"error":"bad request body: json: cannot unmarshal number*
        POST /proxies {"name":"a","upstream":"x","enabled":"yes"}
        400 {"error":"bad request body: json: cannot unmarshal string*
        POST /proxies {"name":"a","upstream":"127.0.0.1:9","listen":"HOST:7001"}
        201 {"name":"a","listen":"HOST:7001","upstream":"127.0.0.1:9","enabled":true,"toxics":[]}
        POST /proxies {"name":"a","upstream":"x","listen":"HOST:7002"}
        409 {"error":"proxy already exists","status":409}
        """);

    [Fact]
    public Task Bodies_are_read_as_go_reads_them() => PlayAsync("""
        POST /proxies ~{"NAME":"a","Listen":"HOST:7001","UpStream":"127.0.0.1:9","Enabled":null,"extra":[1]}
        201 {"name":"a","listen":"HOST:7001","upstream":"127.0.0.1:9","enabled":true,"toxics":[]}
        POST /proxies {"name":"b","upstream":"x","listen":"HOST:7002"} and what follows
        201 {"name":"b","listen":"HOST:7002","upstream":"x","enabled":true,"toxics":[]}
        POST /proxies {"name":"first","name":"c","name":null,"upstream":"x","listen":"HOST:7003"}
        201 {"name":"c","listen":"HOST:7003","upstream":"x","enabled":true,"toxics":[]}
        POST /proxies {"name":"\ud800","upstream":"x"}
        400 {"error":"bad request body: *
        POST /proxies/a null
        200 {"name":"a","listen":"HOST:7001","upstream":"127.0.0.1:9","enabled":true,"toxics":[]}
        """);

    [Fact]
    public Task Addresses_that_cannot_be_listened_on_are_refused_in_gos_words() => PlayAsync("""
        POST /proxies {"name":"a","upstream":"x","listen":"HOST:7001"}
        201 *
        POST /proxies {"name":"b","upstream":"x","listen":"HOST:7001"}
        500 {"error":"listen tcp HOST:7001: bind: address already in use","status":500}
        POST /proxies {"name":"b","upstream":"x","listen":"local373"}
        500 {"error":"listen tcp: address local373: missing port in address","status":500}
        POST /proxies {"name":"b","upstream":"x","listen":"HOST:99999"}
        500 {"error":"listen tcp: address 99999: invalid port","status":500}
        POST /proxies {"name":"b","upstream":"x","listen":"::1:80"}
        500 {"error":"listen tcp: address ::1:80: too many colons in address","status":500}
        POST /proxies {"name":"b","upstream":"x","listen":"192.0.2.1:7700"}
        500 {"error":"listen tcp 192.0.2.1:7700: bind: cannot assign requested address","status":500}
        GET /proxies/b
        404 {"error":"proxy not found","status":404}
        """);

    [Fact]
    public Task A_proxy_that_was_never_on_shows_its_address_as_it_was_given() => PlayAsync("""
        POST /proxies {"name":"a","upstream":"x","listen":"localhost:0","enabled":false}
        201 {"name":"a","listen":"localhost:0","upstream":"x","enabled":false,"toxics":[]}
        POST /proxies/a {"listen":"HOST:7001"}
        200 {"name":"a","listen":"HOST:7001","upstream":"x","enabled":false,"toxics":[]}
        POST /proxies {"name":"b","upstream":"x","listen":"HOST:7001"}
        201 *
        POST /proxies/a {"enabled":true}
        500 {"error":"listen tcp HOST:7001: bind: address already in use","status":500}
        GET /proxies/a
        200 {"name":"a","listen":"HOST:7001","upstream":"x","enabled":false,"toxics":[]}
        DELETE /proxies/b
        204
        POST /proxies/a {"enabled":true}
        200 {"name":"a","listen":"HOST:7001","upstream":"x","enabled":true,"toxics":[]}
        """);

    [Fact]
    public Task An_update_changes_what_is_given_and_fails_as_toxiproxys() => PlayAsync("""
        POST /proxies/a {
        404 {"error":"proxy not found","status":404}
        POST /proxies {"name":"a","upstream":"x:1","listen":"HOST:7001"}
        201 *
        POST /proxies/a {
        400 {"error":"bad request body: unexpected EOF","status":400}
        POST /proxies/a
        400 {"error":"bad request body: EOF","status":400}
        PATCH /proxies/a {"upstream":"x:2","name":"renamed"}
        200 {"name":"a","listen":"HOST:7001","upstream":"x:2","enabled":true,"toxics":[]}
        POST /proxies/a {"listen":"HOST:7002"}
        200 {"name":"a","listen":"HOST:7002","upstream":"x:2","enabled":true,"toxics":[]}
        POST /proxies/a {"listen":"bad"}
        500 {"error":"address bad: missing port in address","status":500}
        POST /proxies/a {"enabled":false}
        200 {"name":"a","listen":"HOST:7002","upstream":"x:2","enabled":false,"toxics":[]}
        POST /proxies {"name":"b","upstream":"x:1","listen":"HOST:7003"}
        201 *
        POST /proxies/a {"listen":"HOST:7003","enabled":true}
        500 {"error":"listen tcp HOST:7003: bind: address already in use","status":500}
        GET /proxies/a
        200 {"name":"a","listen":"HOST:7003","upstream":"x:2","enabled":false,"toxics":[]}
        PUT /proxies/a {}
        405
        DELETE /proxies/a
        204
        DELETE /proxies/a
        404 {"error":"proxy not found","status":404}
        """);

    [Fact]
    public Task Populate_checks_all_first_and_tells_what_was_done() => PlayAsync("""
        POST /populate
        400 {"error":"bad request body: EOF","status":400,"proxies":[]}
        POST /populate {}
        400 {"error":"bad request body: json: cannot unmarshal object*
        POST /populate []
        201 {"proxies":[]}
        POST /populate [{"name":"a","upstream":"x","listen":"HOST:7001"},{"upstream":"x"}]
        400 {"error":"missing required field: name at proxy 2","status":400,"proxies":[]}
        POST /populate [{"name":"a","upstream":"x","listen":"HOST:7001"},{"name":"b"}]
        400 {"error":"missing required field: upstream at proxy 2","status":400,"proxies":[]}
        GET /proxies
        200 {}
        POST /populate [{"name":"a","upstream":"x","listen":"HOST:7001"},{"name":"b","upstream":"x","listen":"bad"},{"name":"c","upstream":"x","listen":"HOST:7003"}]
        500 {"error":"listen tcp: address bad: missing port in address","status":500,"proxies":[{"name":"a","listen":"HOST:7001","upstream":"x","enabled":true,"toxics":[]}]}
        GET /proxies/c
        404 {"error":"proxy not found","status":404}
        """);

    [Fact]
    public Task Populate_leaves_an_identical_proxy_alone_and_replaces_one_that_differs() => PlayAsync("""
        POST /populate [{"name":"a","upstream":"x","listen":"HOST:7001"}]
        201 {"proxies":[{"name":"a","listen":"HOST:7001","upstream":"x","enabled":true,"toxics":[]}]}
        POST /proxies/a/toxics {"type":"latency"}
        200 *
        POST /populate [{"name":"a","upstream":"x","listen":"HOST:7001","enabled":false}]
        201 {"proxies":[{"name":"a","listen":"HOST:7001","upstream":"x","enabled":true,"toxics":[{"attributes":{"latency":0,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}]}]}
        POST /populate [{"name":"a","upstream":"y","listen":"HOST:7001"}]
        201 {"proxies":[{"name":"a","listen":"HOST:7001","upstream":"y","enabled":true,"toxics":[]}]}
        POST /proxies {"name":"b","upstream":"x","listen":"HOST:7002"}
        201 *
        POST /populate [{"name":"a","upstream":"y","listen":"HOST:7002"}]
        500 {"error":"listen tcp HOST:7002: bind: address already in use","status":500,"proxies":[]}
        GET /proxies/a
        200 {"name":"a","listen":"HOST:7001","upstream":"y","enabled":false,"toxics":[]}
        POST /populate [{"name":"a","upstream":"y","listen":"HOST:7001"}]
        201 {"proxies":[{"name":"a","listen":"HOST:7001","upstream":"y","enabled":false,"toxics":[]}]}
        POST /reset
        204
        GET /proxies/a
        200 {"name":"a","listen":"HOST:7001","upstream":"y","enabled":true,"toxics":[]}
        """);

    [Fact]
    public Task A_proxy_comes_with_its_toxics_and_faults_or_not_at_all() => PlayAsync("""
        POST /proxies {"name":"a","upstream":"x","listen":"HOST:7001","toxics":[{"type":"latency"}],"faults":[{"name":"lost","type":"loss","attributes":{"p":7}}]}
        400 {"error":"bad request body: attribute p must be from 0 to 1, not 7","status":400}
        POST /proxies {"name":"a","upstream":"x","listen":"HOST:7001","toxics":[{"type":"latency"}],"faults":[{"type":"latency"}]}
        409 {"error":"fault already exists","status":409}
        GET /proxies
        200 {}
        POST /proxies {"name":"a","upstream":"x","listen":"HOST:7001","toxics":[{"type":"latency"}],"faults":[{"name":"hole","type":"blackhole","stream":"both"}]}
        201 {"name":"a","listen":"HOST:7001","upstream":"x","enabled":true,"toxics":[{"attributes":{"latency":0,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}]}
        GET /proxies/a/toxics?all=true
        200 [{"attributes":{"latency":0,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1},{"attributes":{},"name":"hole","type":"blackhole","stream":"both","toxicity":1}]
        """);

    [Fact]
    public Task A_name_may_hold_anything() => PlayAsync("""
        POST /proxies {"name":"eu→us/a b","upstream":"x","listen":"HOST:7001"}
        201 *
        GET /proxies/eu%E2%86%92us%2Fa%20b
        200 {"name":"eu→us/a b","listen":"HOST:7001","upstream":"x","enabled":true,"toxics":[]}
        """);
}
