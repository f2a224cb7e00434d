using Chaos.Client.Policies;
using Chaos.Experiments.Definitions;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

public sealed class ValidFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_part_of_a_file_reaches_the_definition()
    {
        _folder.Write("x.yaml", Samples.Full);
        var result = _folder.Load();
        Assert.Empty(result.Errors);
        var x = Assert.Single(result.Experiments);

        Assert.Equal(("backoff-jitter", "Clients that were cut together come back apart", "Jittered exponential backoff", "x.yaml"), (x.Id, x.Title, x.ChecklistText, x.File));
        Assert.Equal(["wire"], x.Tags);
        Assert.Equal(["eu.clients", "eu.redis"], x.World.Links.Select(l => l.Name));
        Assert.Equal("""{"ping_interval_ms":5000,"limits":{"frame_bytes":4096}}""", x.Gateway.ToJsonString());
        Assert.Equal(new ClientPolicy { CapMs = 4000 }, x.Fleet.Policy);
        Assert.Equal(new FeedDefinition("backstage", 20), x.Fleet.Feed);
        Assert.Equal((500, 50, "eu.clients", "reference", TimeSpan.FromMinutes(10)), (x.Fleet.Count, x.Fleet.Channels, x.Fleet.Link, x.Fleet.Client, x.Fleet.TokenTtl));

        var script = Assert.Single(x.Scripts);
        Assert.Equal((-1d, "acme", "bad-signature"), (script.Tokens["late"].TtlSeconds, script.Tokens["late"].Tenant, script.Tokens["late"].Defect));
        Assert.Equal(7, script.Steps.Count);
        Assert.Equal("""{"id":1,"connect":{"token":"$mallory"}}""", script.Steps[0].Send![0].ToJsonString());
        Assert.Equal(2, script.Steps[0].Send!.Count);
        Assert.Equal((1000d, """{"id":1,"connect":{}}"""), (script.Steps[1].WithinMs, script.Steps[1].Expect!.ToJsonString()));
        Assert.Single(script.Steps[2].Send!);
        Assert.Equal((3005, 5000d), (script.Steps[3].ExpectClose, script.Steps[3].WithinMs));
        Assert.Equal((true, 500d), (script.Steps[4].ExpectSilence, script.Steps[4].WithinMs));
        Assert.Equal(("acme:ch-000", "{"), (script.Steps[5].PublishTo, script.Steps[6].SendRaw));

        var refused = x.Timeline.Faults[0];
        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(14), 0.5, "ws_handshake"), (refused.At, refused.For, refused.Toxicity, refused.Type));
        Assert.Equal(new RepeatDefinition(TimeSpan.FromMilliseconds(200), 60, TimeSpan.FromMilliseconds(50)), refused.Repeat);
        Assert.Equal("""{"status":503}""", refused.Attributes.ToJsonString());
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(8)), (x.Timeline.FaultsAtLeast, x.Timeline.Recovery));
        Assert.Equal(new StopConditionDefinition("mass-disconnect", "disconnected_share", 0.9, TimeSpan.FromSeconds(5)), Assert.Single(x.StopWhen));
        Assert.Equal(("jitter", "backoff_jitter", "refused", """{"attempts":5}"""), Parts(x.Expectations[0]));
        Assert.Equal(("all-connected", "connected", "baseline", """{"min_share":1}"""), Parts(x.SteadyState[0]));
        Assert.Equal(new MutantExpectation("client.fixed-delay", "jitter"), Assert.Single(x.Mutants));
    }

    [Fact]
    public void What_a_file_leaves_out_has_its_default()
    {
        _folder.Write("x.yaml", Samples.Small);
        var x = Assert.Single(_folder.Load().Experiments);
        Assert.Equal(new ClientPolicy(), x.Fleet.Policy);
        Assert.Null(x.Fleet.Feed);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)),
            (x.Timeline.Baseline, x.Timeline.FaultsAtLeast, x.Timeline.Recovery, x.Timeline.Settle));
        Assert.Equal(("up", "connected", "run", """{"min_share":0.99}"""), Parts(x.Expectations[0]));
    }

    [Fact]
    public void A_folder_gives_its_experiments_by_name_and_checks_its_worlds()
    {
        _folder.Write("checklist/b.yaml", Samples.Small);
        _folder.Write("checklist/deeper/a.yaml", Samples.Small.Replace("id: small", "id: other", StringComparison.Ordinal));
        _folder.Write("budgets.yaml", "# yaml-language-server: $schema=schema/budgets.schema.json\nbudgets:\n  - { name: normal, title: Nothing is wrong., p99_ms: 250 }\n");
        _folder.Write("settings.yaml", "# yaml-language-server: $schema=gateway.schema.json\nping_interval_ms: 250\n");
        _folder.Write("notes.txt", "no experiment");
        var result = _folder.Load(".");
        Assert.Empty(result.Errors);
        Assert.Equal(["checklist/b.yaml", "checklist/deeper/a.yaml"], result.Experiments.Select(x => x.File));

        _folder.Write("worlds/broken.yaml", "name: broken\nregions: []\n");
        Assert.Equal("worlds/broken.yaml:2:10: regions is empty. Its regions. At least one.", Assert.Single(_folder.Load(".").Errors).ToString());
    }

    [Fact]
    public void A_world_can_be_given_by_its_path()
    {
        _folder.Write("mine/two.yaml", "name: two\nregions:\n  - name: us\n    gateways: 2\n    store: { kind: external, address: \"127.0.0.1:6379\" }\n");
        _folder.Write("x.yaml", Samples.Small.Replace("world: one-region", "world: mine/two.yaml", StringComparison.Ordinal).Replace("eu.clients", "us.clients", StringComparison.Ordinal));
        var result = _folder.Load();
        Assert.Empty(result.Errors);
        Assert.Equal(new RegionDefinition("us", 2, new StoreDefinition("external", "127.0.0.1:6379")), Assert.Single(result.Experiments[0].World.Regions));
    }

    [Fact]
    public void Anchors_and_windows_line_ends_are_fine()
    {
        _folder.Write("x.yaml", "\uFEFF" + Samples.Small.Replace("timeline: {}", """
            timeline:
              baseline: &short 1s
              recovery: *short
            """, StringComparison.Ordinal).ReplaceLineEndings("\r\n"));
        var result = _folder.Load();
        Assert.Empty(result.Errors);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), (result.Experiments[0].Timeline.Baseline, result.Experiments[0].Timeline.Recovery));
    }

    private static (string, string, string, string) Parts(ExpectationDefinition e) => (e.Id, e.Check, e.During, e.Options.ToJsonString());
}
