using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Regions;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

/// <summary>Worlds of several regions, fleets that live in them, and faults between them.</summary>
public sealed class RegionFileTests : IDisposable
{
    private const string World = """
        name: two
        regions:
          - { name: eu }
          - { name: us, gateways: 2 }
        rtt:
          - { between: [us, eu], ms: 90 }
        """;

    private const string Experiment = """
        id: x
        title: Regions
        checklist: x
        world: two
        fleet:
          regions:
            - { region: eu, count: 3 }
            - { region: us, count: 2 }
          channels: 5
        timeline:
          faults:
            - { name: split, fault: partition, between: [eu, us], for: 1s, attributes: { direction: forth } }
            - { name: far, fault: rtt, between: [eu, others], for: 1s, attributes: { ms: 500 } }
            - { name: lossy, fault: latency, link: "eu->us.replication", for: 1s, attributes: { latency: 5 } }
        expectations:
          - { id: up, check: connected }
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Errors(string file, string from, string to)
    {
        _folder.Write("worlds/two.yaml", file == "two" ? World.Replace(from, to, StringComparison.Ordinal) : World);
        _folder.Write("x.yaml", file == "x" ? Experiment.Replace(from, to, StringComparison.Ordinal) : Experiment);
        return string.Join("\n", _folder.Load().Errors);
    }

    [Fact]
    public void A_world_has_links_between_its_regions_and_a_fleet_has_homes()
    {
        Assert.Equal("", Errors("", "", ""));
        var x = Assert.Single(_folder.Load().Experiments);
        Assert.Equal(["eu.clients", "eu.redis", "us.clients", "us.redis", "eu→us.replication", "eu→us.clients", "us→eu.replication", "us→eu.clients"], x.World.Links.Select(l => l.Name));
        Assert.Equal(90, x.World.RoundTripMs("eu", "us"));
        Assert.Equal(0, x.World.RoundTripMs("eu", "eu"));
        Assert.Equal((5, "eu.clients"), (x.Fleet.Count, x.Fleet.Link));
        Assert.Equal(["eu", "eu", "eu", "us", "us", null], Enumerable.Range(0, 6).Select(x.Fleet.HomeOf));
        Assert.Equal("eu→us.replication", x.Timeline.Faults[2].Link);
    }

    [Fact]
    public void A_partition_one_way_holds_what_goes_that_way_on_every_link_and_lets_nobody_connect()
    {
        Errors("", "", "");
        var x = Assert.Single(_folder.Load().Experiments);
        var parts = RegionFaultCatalogue.PartsOf(x.World, x.Timeline.Faults[0]).ToList();
        Assert.Equal(
            [("eu→us.replication", "upstream"), ("eu→us.clients", "upstream"), ("us→eu.replication", "downstream"), ("us→eu.clients", "downstream")],
            parts.Where(p => p.Type == "stall").Select(p => (p.Link, p.Stream)));
        Assert.Equal(4, parts.Count(p => p.Type == "connect_hang"));
        // 500 ms in place of 90: 205 more each way.
        Assert.All(RegionFaultCatalogue.PartsOf(x.World, x.Timeline.Faults[1]), p => Assert.Equal(205, p.Attributes["latency"]!.GetValue<double>()));
    }

    [Fact]
    public void A_shift_sends_clients_by_their_own_way_to_the_other_region_and_is_on_no_link()
    {
        const string Far = "{ name: far, fault: rtt, between: [eu, others], for: 1s, attributes: { ms: 500 } }";
        Assert.Equal("", Errors("x", Far, "{ name: away, fault: shift, between: [us, others], for: 1s, attributes: { share: 0.5 } }"));
        var x = Assert.Single(_folder.Load().Experiments);
        var shift = x.Timeline.Faults[1];
        Assert.Equal(["us→eu.clients"], ShiftFault.Ways(x.World, shift.Between!).Select(l => l.Name));
        Assert.Equal(0.5, ShiftFault.ShareOf(shift));
        Assert.Empty(RegionFaultCatalogue.PartsOf(x.World, shift));
        Assert.NotEqual("", Errors("x", Far, "{ name: away, fault: shift, between: [us, others], for: 1s, attributes: { share: 0 } }"));
    }

    [Theory]
    [InlineData("us, gateways: 2", "ap, gateways: 2", "worlds/two.yaml:6:3: rtt lacks the distance between ap and eu. Add to rtt: - { between: [ap, eu], ms: 80 }.\nworlds/two.yaml:6:17: unknown region 'us'. Known regions: eu, ap.")]
    [InlineData("- { between: [us, eu], ms: 90 }", "- { between: [us, eu], ms: 90 }\n  - { between: [eu, us], ms: 80 }", "worlds/two.yaml:7:16: the distance between eu and us is given twice. Remove one of them.")]
    [InlineData("[us, eu]", "[us, us]", "worlds/two.yaml:6:3: rtt lacks the distance between eu and us. Add to rtt: - { between: [eu, us], ms: 80 }.\nworlds/two.yaml:6:16: a region has no distance to itself: us. Name two regions.")]
    public void A_world_without_its_distances_is_told(string from, string to, string expected) => Assert.Equal(expected, Errors("two", from, to));

    [Theory]
    [InlineData("region: us, count: 2", "region: uk, count: 2", "x.yaml:8:17: unknown region 'uk' in world two. Did you mean 'us'?")]
    [InlineData("  channels: 5", "  count: 5\n  channels: 5", "x.yaml:9:10: fleet.count and fleet.regions say the same thing. Remove 'count': how many clients live where is said by regions.")]
    [InlineData("  channels: 5", "  channels: 6", "x.yaml:9:13: fleet.channels is larger than fleet.count: 6 is above 5. Give every channel at least one client.")]
    [InlineData("  channels: 5", "  channels: 5\n  client: centrifuge-js", "x.yaml:10:11: centrifuge-js knows one address only. Leave regions out, or let the client be the reference.")]
    [InlineData("between: [eu, us], for", "between: [eu, uk], for", "x.yaml:12:54: unknown region 'uk' in world two. Did you mean 'us'?")]
    [InlineData("between: [eu, us], for", "between: [eu, eu], for", "x.yaml:12:49: there is nothing between eu and itself. Name two regions, or others for all but the first.")]
    [InlineData("between: [eu, us], for", "link: eu.redis, between: [eu, us], for", "x.yaml:12:46: partition acts between regions and takes no 'link'. Remove it; 'between' says where the fault is.")]
    [InlineData("ms: 500", "ms: 90", "x.yaml:13:82: rtt of 90 ms is not longer than the world's, 90 ms. The fault makes a way longer; for a shorter one give the world another rtt.")]
    [InlineData("eu->us.replication", "eu->uk.replication", "x.yaml:14:44: unknown link 'eu→uk.replication' in world two. Did you mean 'eu→us.replication'?")]
    public void A_slip_gives_one_error_where_it_is(string from, string to, string expected) => Assert.Equal(expected, Errors("x", from, to));
}
