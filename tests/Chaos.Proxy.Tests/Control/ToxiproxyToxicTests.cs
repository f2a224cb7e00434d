using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>Toxics over Toxiproxy's API. Every answer here is what a Toxiproxy 2.12 server gives to the same request.</summary>
public sealed class ToxiproxyToxicTests
{
    private static async Task PlayAsync(string conversation)
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        await wire.PlayAsync("""
            POST /proxies {"name":"p","upstream":"127.0.0.1:9","listen":"HOST:7001"}
            201 *
            """);
        await wire.PlayAsync(conversation);
    }

    [Fact]
    public Task A_toxics_body_stream_type_and_name_are_checked_in_this_order() => PlayAsync("""
        GET /proxies/none/toxics
        404 {"error":"proxy not found","status":404}
        POST /proxies/none/toxics {
        404 {"error":"proxy not found","status":404}
        POST /proxies/p/toxics
        400 {"error":"bad request body: EOF","status":400}
        POST /proxies/p/toxics {"type":1}
        400 {"error":"bad request body: json: cannot unmarshal number*
        POST /proxies/p/toxics {"type":"latency","toxicity":"high"}
        400 {"error":"bad request body: json: cannot unmarshal string*
        POST /proxies/p/toxics {"type":"latency","stream":""}
        400 {"error":"stream was invalid, can be either upstream or downstream","status":400}
        POST /proxies/p/toxics {"type":"nope","stream":"both"}
        400 {"error":"stream was invalid, can be either upstream or downstream","status":400}
        POST /proxies/p/toxics {}
        400 {"error":"invalid toxic type","status":400}
        POST /proxies/p/toxics {"type":"Latency"}
        400 {"error":"invalid toxic type","status":400}
        POST /proxies/p/toxics {"type":"latency"}
        200 {"attributes":{"latency":0,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"latency","attributes":"wrong"}
        400 {"error":"bad request body: json: cannot unmarshal string*
        POST /proxies/p/toxics {"type":"latency","attributes":{"latency":-1}}
        409 {"error":"toxic already exists","status":409}
        POST /proxies/p/toxics {"type":"reset_peer","stream":"upstream","name":"latency_downstream"}
        409 {"error":"toxic already exists","status":409}
        """);

    [Fact]
    public Task Names_streams_and_attributes_come_back_as_they_were_written_upstream_first() => PlayAsync("""
        POST /proxies/p/toxics {"type":"noop","name":"n"}
        200 {"attributes":{},"name":"n","type":"noop","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"Type":"latency","Stream":"UpStream","Toxicity":null,"Name":null,"Attributes":{"Latency":5,"JITTER":2}}
        200 {"attributes":{"latency":5,"jitter":2},"name":"latency_UpStream","type":"latency","stream":"UpStream","toxicity":1}
        POST /proxies/p/toxics {"type":"bandwidth","stream":"upstream","attributes":{"rate":100,"unknown":1},"toxicity":0.25,"name":"bw"}
        200 {"attributes":{"rate":100},"name":"bw","type":"bandwidth","stream":"upstream","toxicity":0.25}
        POST /proxies/p/toxics {"type":"reset_peer","name":"rst","attributes":null}
        200 {"attributes":{"timeout":0},"name":"rst","type":"reset_peer","stream":"downstream","toxicity":1}
        GET /proxies/p/toxics
        200 [{"attributes":{"latency":5,"jitter":2},"name":"latency_UpStream","type":"latency","stream":"UpStream","toxicity":1},{"attributes":{"rate":100},"name":"bw","type":"bandwidth","stream":"upstream","toxicity":0.25},{"attributes":{},"name":"n","type":"noop","stream":"downstream","toxicity":1},{"attributes":{"timeout":0},"name":"rst","type":"reset_peer","stream":"downstream","toxicity":1}]
        GET /proxies/p/toxics/BW
        404 {"error":"toxic not found","status":404}
        """);

    [Fact]
    public Task An_update_merges_attributes_and_touches_nothing_else() => PlayAsync("""
        POST /proxies/p/toxics {"type":"latency","attributes":{"latency":100,"jitter":10}}
        200 *
        POST /proxies/p/toxics/none {
        404 {"error":"toxic not found","status":404}
        POST /proxies/p/toxics/latency_downstream
        400 {"error":"bad request body: EOF","status":400}
        POST /proxies/p/toxics/latency_downstream {}
        200 {"attributes":{"latency":100,"jitter":10},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}
        PATCH /proxies/p/toxics/latency_downstream {"toxicity":0.5,"attributes":{"LATENCY":7,"jitter":null,"unknown":1},"stream":"upstream","name":"x","type":"bandwidth"}
        200 {"attributes":{"latency":7,"jitter":10},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":0.5}
        POST /proxies/p/toxics/latency_downstream {"attributes":null,"toxicity":null}
        200 {"attributes":{"latency":7,"jitter":10},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":0.5}
        PATCH /proxies/p/toxics/latency_downstream {"attributes":{"latency":-1}}
        400 {"error":"bad request body: *
        PATCH /proxies/p/toxics/latency_downstream {"toxicity":2}
        400 {"error":"bad request body: *
        GET /proxies/p/toxics/latency_downstream
        200 {"attributes":{"latency":7,"jitter":10},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":0.5}
        DELETE /proxies/p/toxics/latency_downstream
        204
        DELETE /proxies/p/toxics/latency_downstream
        404 {"error":"toxic not found","status":404}
        DELETE /proxies/none/toxics/latency_downstream
        404 {"error":"proxy not found","status":404}
        """);

    [Fact]
    public Task All_of_toxiproxys_toxics_show_exactly_its_attributes() => PlayAsync("""
        POST /proxies/p/toxics {"type":"latency","name":"1","attributes":{"latency":1000,"jitter":100}}
        200 {"attributes":{"latency":1000,"jitter":100},"name":"1","type":"latency","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"bandwidth","name":"2","attributes":{"rate":1000}}
        200 {"attributes":{"rate":1000},"name":"2","type":"bandwidth","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"slow_close","name":"3","attributes":{"delay":1000}}
        200 {"attributes":{"delay":1000},"name":"3","type":"slow_close","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"timeout","name":"4","attributes":{"timeout":5000}}
        200 {"attributes":{"timeout":5000},"name":"4","type":"timeout","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"slicer","name":"5","attributes":{"average_size":1000,"size_variation":1000,"delay":1000}}
        200 {"attributes":{"average_size":1000,"size_variation":1000,"delay":1000},"name":"5","type":"slicer","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"reset_peer","name":"6","attributes":{"timeout":1000}}
        200 {"attributes":{"timeout":1000},"name":"6","type":"reset_peer","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"limit_data","name":"7","attributes":{"bytes":42}}
        200 {"attributes":{"bytes":42},"name":"7","type":"limit_data","stream":"downstream","toxicity":1}
        POST /proxies/p/toxics {"type":"latency","name":"8","attributes":{"latency":1,"distribution":"normal","jitter":1}}
        200 {"attributes":{"latency":1,"jitter":1,"distribution":"normal"},"name":"8","type":"latency","stream":"downstream","toxicity":1}
        """);

    [Fact]
    public Task An_updated_toxic_keeps_its_place() => PlayAsync("""
        POST /proxies/p/toxics {"type":"noop","name":"a"}
        200 *
        POST /proxies/p/toxics {"type":"noop","name":"b"}
        200 *
        PATCH /proxies/p/toxics/a {"toxicity":0}
        200 *
        GET /proxies/p/toxics
        200 [{"attributes":{},"name":"a","type":"noop","stream":"downstream","toxicity":0},{"attributes":{},"name":"b","type":"noop","stream":"downstream","toxicity":1}]
        """);

    [Fact]
    public Task What_would_crash_toxiproxy_is_refused() => PlayAsync("""
        POST /proxies/p/toxics {"type":"slicer"}
        400 {"error":"bad request body: *
        POST /proxies/p/toxics {"type":"slicer","attributes":{"average_size":0,"size_variation":0,"delay":0}}
        400 {"error":"bad request body: *
        POST /proxies/p/toxics {"type":"limit_data","attributes":{"bytes":-1}}
        400 {"error":"bad request body: *
        POST /proxies/p/toxics {"type":"bandwidth"}
        400 {"error":"bad request body: attribute rate is required*
        POST /proxies/p/toxics {"type":"bandwidth","attributes":{"rate":-1}}
        400 {"error":"bad request body: attribute rate must be from*
        POST /proxies/p/toxics {"type":"latency","toxicity":-1}
        400 {"error":"bad request body: toxicity must be from 0 to 1*
        """);

    [Fact]
    public Task Faults_that_no_toxiproxy_client_knows_are_hidden_unless_asked_for() => PlayAsync("""
        POST /chaos/proxies/p/faults {"name":"hole","type":"blackhole","stream":"both"}
        200 {"attributes":{},"name":"hole","type":"blackhole","stream":"both","toxicity":1,"proxy":"p"}
        GET /proxies/p/toxics
        200 []
        GET /proxies/p
        200 {"name":"p","listen":"HOST:7001","upstream":"127.0.0.1:9","enabled":true,"toxics":[]}
        GET /proxies/p/toxics/hole
        404 {"error":"toxic not found","status":404}
        GET /proxies/p/toxics/hole?all=true
        200 {"attributes":{},"name":"hole","type":"blackhole","stream":"both","toxicity":1}
        GET /proxies/p/toxics?all
        200 [{"attributes":{},"name":"hole","type":"blackhole","stream":"both","toxicity":1}]
        GET /proxies/p/toxics?all=false
        200 []
        POST /proxies/p/toxics {"type":"latency","name":"hole"}
        409 {"error":"toxic already exists","status":409}
        DELETE /proxies/p/toxics/hole
        404 {"error":"toxic not found","status":404}
        POST /proxies/p/toxics {"type":"loss","name":"lost","attributes":{"p":0.5}}
        200 *
        GET /proxies/p/toxics/lost
        200 *
        POST /reset
        204
        GET /chaos/proxies/p/faults
        200 []
        """);
}
