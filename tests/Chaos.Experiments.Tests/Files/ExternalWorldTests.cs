using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Experiments.Files;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>Worlds whose gateway runs already: what their files may say, who must agree, and what a journal keeps of them.</summary>
public sealed class ExternalWorldTests : IDisposable
{
    private const string World = """
        name: mine
        regions:
          - name: eu
            gateway:
              kind: external
              address: wss://chat.example.com/ws?tenant=a&token=s3cret
              headers: { Authorization: "Bearer s3cret" }
              subprotocols: [ chat.v2 ]
              hello: '{"token":"s3cret"}'
              allow: [ "chat.example.com:443" ]
        """;

    private const string Experiment = """
        id: a
        title: Clients stay connected
        checklist: Heartbeat
        world: mine
        fleet:
          client: centrifuge-js
          count: 1
          link: eu.clients
        timeline: {}
        expectations:
          - id: e
            check: connected
        """;

    private readonly TestFolder _folder = new();

    public ExternalWorldTests() => _folder.Write("worlds/mine.yaml", World);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_says_where_the_gateway_is_and_how_clients_get_in()
    {
        var gateway = Load().World.Regions.Single().External!;
        Assert.Equal("chat.example.com:443", gateway.Target);
        Assert.Equal(("Bearer s3cret", "chat.example.com"), (gateway.Socket.Headers["authorization"], gateway.Socket.Headers["Host"]));
        Assert.Equal(["chat.v2"], gateway.Socket.Subprotocols);
        Assert.Equal("{\"token\":\"s3cret\"}", gateway.Socket.Hello);
    }

    [Fact]
    public void Its_world_has_the_clients_link_alone_and_no_nodes()
    {
        var world = Load().World;
        Assert.Equal(["eu.clients"], world.Links.Select(l => l.Name));
        Assert.Empty(world.Nodes);
    }

    [Fact]
    public void A_journal_keeps_no_secret()
    {
        var text = DefinitionJson.ToJson(Load()).GetRawText();
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        var kept = DefinitionJson.FromJson(System.Text.Json.JsonDocument.Parse(text).RootElement).World.Regions.Single().External!;
        Assert.Equal("wss://chat.example.com/ws?tenant=…&token=…", Uri.UnescapeDataString(kept.Address!.ToString()));
        Assert.Equal([new KeyValuePair<string, string>("Authorization", "…")], kept.Headers);
        Assert.Equal("…", kept.Hello);
    }

    [Theory]
    [InlineData("client: centrifuge-js", "client: reference", "x.yaml:6:11: reference clients cannot talk to the gateway of world mine, whose protocol is not known.")]
    [InlineData("  count: 1", "  count: 1\n  feed: { from: clients, rate_per_s: 1 }", "x.yaml:8:9: there is no feed through the gateway of world mine, whose protocol is not known.")]
    [InlineData("timeline: {}", "timeline: {}\ngateway: { ping_interval_ms: 1000 }", "x.yaml:10:10: 'gateway' is for the reference gateway, and that of world mine is your own.")]
    [InlineData("timeline: {}", "timeline: { faults: [ { name: d, link: eu.redis, fault: down, for: 1s } ] }", "x.yaml:9:40: unknown link 'eu.redis' in world mine.")]
    [InlineData("timeline: {}", "timeline: { faults: [ { name: d, node: eu.gateway-1, fault: pause, for: 1s } ] }", "x.yaml:9:40: unknown node 'eu.gateway-1' in world mine.")]
    public void An_experiment_may_ask_for_nothing_that_only_our_gateway_has(string from, string to, string expected)
    {
        _folder.Write("x.yaml", Experiment.Replace(from, to, StringComparison.Ordinal));
        Assert.StartsWith(expected, string.Join("\n", _folder.Load().Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("address: wss:", "address: https:", "the gateway's address is no WebSocket address: 'https://")]
    [InlineData("address: wss://", "address: wss://me:pw@", "the gateway's address holds a user, which no WebSocket client sends (use a header): ")]
    [InlineData("- name: eu", "- name: eu\n    store: { kind: embedded }", "a region whose gateway is external has no 'store'")]
    [InlineData("- name: eu", "- name: eu\n    gateways: 2", "a region whose gateway is external has no 'gateways'")]
    [InlineData("chat.example.com:443\"", "chat.example.com\"", "regions[0].gateway.allow[0] is not well formed: 'chat.example.com'")]
    public void A_world_that_contradicts_itself_is_refused(string from, string to, string expected)
    {
        Assert.Contains(from, World, StringComparison.Ordinal);
        _folder.Write("worlds/mine.yaml", World.Replace(from, to, StringComparison.Ordinal));
        _folder.Write("x.yaml", Experiment);
        Assert.Contains(expected, string.Join("\n", _folder.Load().Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("localhost", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("localhost.example.com", false)]
    [InlineData("[::ffff:10.0.0.1]", false)]
    public void Only_the_loopback_network_is_this_machine(string host, bool here) => Assert.Equal(here, TargetConsent.IsHere(new Uri($"ws://{host}:9000/")));

    [Fact]
    public void A_target_elsewhere_needs_the_file_and_the_command_line()
    {
        var agreed = Load();
        var silent = agreed with { World = agreed.World with { Regions = [.. agreed.World.Regions.Select(r => r with { External = r.External! with { Allow = [] } })] } };
        Assert.Null(TargetConsent.Missing([agreed], ["chat.example.com:443"]));
        Assert.Contains("If it is yours to break: add --allow-target chat.example.com:443.", TargetConsent.Missing([agreed], [])!, StringComparison.Ordinal);
        Assert.Contains("add --allow-target chat.example.com:443.", TargetConsent.Missing([agreed], ["chat.example.com:80"])!, StringComparison.Ordinal);
        Assert.Contains("If it is yours to break: write allow: [ \"chat.example.com:443\" ] below gateway: in the file of the world mine.", TargetConsent.Missing([silent], ["chat.example.com:443"])!, StringComparison.Ordinal);
        Assert.Contains(", and add --allow-target", TargetConsent.Missing([silent], [])!, StringComparison.Ordinal);
    }

    private ExperimentDefinition Load()
    {
        _folder.Write("x.yaml", Experiment);
        var loaded = _folder.Load();
        Assert.Empty(loaded.Errors);
        return loaded.Experiments.Single();
    }
}
