using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>Worlds whose gateways ask an HTTP service, and faults on the way to it.</summary>
public sealed class UpstreamFileTests : IDisposable
{
    private const string World = """
        name: asking
        regions:
          - name: eu
            upstream: { kind: embedded }
        """;

    private const string Experiment = """
        id: x
        title: The upstream service fails
        checklist: x
        world: asking
        gateway: { channels: [ { pattern: "*", ask: true } ] }
        fleet: { count: 1, link: eu.clients }
        timeline:
          faults:
            - { name: failing, link: eu.upstream, fault: http_status, for: 1s }
        expectations:
          - { id: up, check: connected }
        """;

    private static readonly Catalogue Catalogue = TestCatalogue.Instance with
    {
        Faults = [.. TestCatalogue.Instance.Faults, new FaultType("http_status", "Answers with an error.", new JsonObject { ["type"] = "object" }, new HashSet<LinkKind> { LinkKind.WebSocket, LinkKind.Http })],
        GatewaySettings = (JsonObject)JsonNode.Parse("""
            {"type":"object","additionalProperties":false,"properties":{
              "channels":{"type":"array","items":{"type":"object","required":["pattern"],"properties":{"pattern":{"type":"string"},"ask":{"type":"boolean"}}}}}}
            """)!,
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private LoadResult Load(string from = "", string to = "")
    {
        string Changed(string text) => from.Length == 0 ? text : text.Replace(from, to, StringComparison.Ordinal);
        _folder.Write("worlds/asking.yaml", Changed(World));
        _folder.Write("x.yaml", Changed(Experiment));
        return ExperimentFiles.Load(["x.yaml"], Catalogue, new Dictionary<string, string>(), new LoadOptions { WorkingFolder = _folder.Path });
    }

    private string Errors(string from, string to) => string.Join("\n", Load(from, to).Errors);

    [Fact]
    public void A_region_with_an_upstream_service_has_an_http_link_to_it()
    {
        var loaded = Load();
        Assert.Empty(loaded.Errors);
        var world = Assert.Single(loaded.Experiments).World;
        Assert.Equal([("eu.clients", LinkKind.WebSocket), ("eu.redis", LinkKind.Tcp), ("eu.upstream", LinkKind.Http)], world.Links.Select(l => (l.Name, l.Kind)));
        Assert.Equal(new UpstreamDefinition("embedded"), world.Regions[0].Upstream);
    }

    [Fact]
    public void It_is_in_the_journals_definition_and_comes_back_from_there()
    {
        var kept = DefinitionJson.FromJson(DefinitionJson.ToJson(Assert.Single(Load("kind: embedded", "kind: external, address: 'auth.local:80'").Experiments)));
        Assert.Equal(new UpstreamDefinition("external", "auth.local:80"), kept.World.Regions[0].Upstream);
        Assert.Contains(kept.World.Links, l => l.Kind == LinkKind.Http);
    }

    [Fact]
    public void One_that_runs_already_needs_an_address_and_one_that_is_started_has_none()
    {
        Assert.Contains("an external upstream lacks 'address'", Errors("kind: embedded", "kind: external"), StringComparison.Ordinal);
        Assert.Contains("an embedded upstream has no address", Errors("kind: embedded", "kind: embedded, address: 'auth.local:80'"), StringComparison.Ordinal);
        Assert.Contains("a region whose gateway is external has no 'upstream'", Errors("name: eu", "name: eu\n    gateway: { kind: external }"), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_and_clients_go_on_links_of_their_kind()
    {
        Assert.Contains("down cannot act on eu.upstream, an HTTP link", Errors("fault: http_status", "fault: down"), StringComparison.Ordinal);
        Assert.Contains("http_status cannot act on eu.redis, a TCP link", Errors("link: eu.upstream", "link: eu.redis"), StringComparison.Ordinal);
        Assert.Contains("clients cannot connect through eu.upstream, an HTTP link", Errors("link: eu.clients", "link: eu.upstream"), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_ask_need_somebody_to_ask()
    {
        Assert.Contains("region eu of world one-region has no upstream service to ask", Errors("world: asking", "world: one-region"), StringComparison.Ordinal);
        Assert.DoesNotContain("upstream service to ask", Errors("world: asking\ngateway: { channels: [ { pattern: \"*\", ask: true } ] }", "world: one-region"), StringComparison.Ordinal);
    }
}
