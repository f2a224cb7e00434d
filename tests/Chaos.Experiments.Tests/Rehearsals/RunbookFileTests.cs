using Chaos.Experiments.Definitions;
using Xunit;

namespace Chaos.Experiments.Tests.Rehearsals;

public sealed class RunbookFileTests
{
    [Fact]
    public void A_runbook_is_read_with_its_world_budget_and_defaults()
    {
        using var folder = new RunbookFolder();
        var (runbook, errors) = folder.Load();
        Assert.Empty(errors);
        Assert.Equal(("live", "one-region", 20, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20)), (runbook!.Id, runbook.World.Name, runbook.Fleet.Count, runbook.Baseline, runbook.Patience));
        Assert.Equal((0.05, 0.95, 150.0), (runbook.Stable.ErrorShare, runbook.Stable.ConnectedShare, runbook.Stable.Budget.Limits[BudgetKeys.P95]));
        Assert.Equal(new DemandsDefinition(0.95, 0.5), runbook.Demands);
        Assert.Equal(new ProbeDefinition("dependency_p50_ms", true, 75, TimeSpan.FromSeconds(4), "store-slow", null), runbook.Steps[0].Probe);
        Assert.Equal([new RerouteAction("eu.redis"), new LimitAction("hottest", 2, TimeSpan.FromMinutes(10)), new RollbackAction("eu.gateway-1")], runbook.Steps.Select(s => s.Action));
        Assert.Equal([TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)], runbook.Causes.Select(c => c.Length));
    }

    [Theory]
    [InlineData("eu", null)]
    [InlineData("uss", "live.yaml:35:39: unknown region 'uss' in world two. Did you mean 'us'?")]
    public void In_a_world_of_several_regions_a_region_gets_its_clients_back(string region, string? error)
    {
        using var folder = new RunbookFolder(RunbookFolder.Runbook.Replace("world: one-region", "world: two", StringComparison.Ordinal)
            .Replace("do: rollback, node: eu.gateway-1", $"do: steer_home, region: {region}", StringComparison.Ordinal));
        folder.Write("worlds/two.yaml", "name: two\nregions: [ { name: eu, gateways: 1 }, { name: us, gateways: 1 } ]\nrtt: [ { between: [eu, us], ms: 90 } ]\n");
        var (runbook, errors) = folder.Load();
        Assert.Equal(error ?? "", string.Join("\n", errors));
        if (error is not null) return;
        var action = Assert.IsType<SteerHomeAction>(runbook!.Steps[2].Action);
        Assert.Equal(("eu", "let the clients of eu go to eu again"), (action.Region, action.Words));
    }

    [Fact]
    public void A_value_can_be_set_from_outside_and_is_checked_like_the_rest()
    {
        using var folder = new RunbookFolder();
        Assert.Equal(TimeSpan.FromSeconds(4), folder.Load(("stable.for", "4s")).Runbook!.Stable.For);
        Assert.Equal("--set stable.for: stable.for has no unit: 4. Write 4s or 4000ms.", Assert.Single(folder.Load(("stable.for", "4")).Errors).ToString());
    }

    [Fact]
    public void Runbooks_are_checked_with_experiments()
    {
        using var folder = new RunbookFolder(RunbookFolder.Runbook.Replace("is: above, limit: 75", "is: over, limit: 75", StringComparison.Ordinal));
        Assert.Equal("live.yaml:25:48: unknown side 'over'. Known here: above, below.", Assert.Single(folder.LoadAll().Errors).ToString());
    }

    public static TheoryData<string, string, string, string> Slips => new()
    {
        { "a cause that no step finds", "cause: hot-channel }", "cause: store-slow }", "live.yaml:14:11: no step finds 'hot-channel'. Give a step a probe that names it; else whoever follows the runbook cannot." },
        { "a cause that nothing is done about", "    action: { do: reroute, link: eu.redis }\n", "", "live.yaml:22:5: the step finds 'store-slow' and does nothing about it. Give it an action." },
        { "a cause that does nothing", "    flood: { rate_per_s: 100, for: 60s }\n", "", "live.yaml:14:5: the cause 'hot-channel' does nothing. Give it faults, or a flood." },
        { "an unknown cause", "cause: store-slow }", "cause: store-slwo }", "live.yaml:10:11: no step finds 'store-slow'. Give a step a probe that names it; else whoever follows the runbook cannot.\nlive.yaml:25:83: unknown cause 'store-slwo'. Did you mean 'store-slow'?" },
        { "an unknown indicator", "indicator: errors_per_s", "indicator: error_per_s", "live.yaml:34:25: unknown indicator 'error_per_s'. Did you mean 'errors_per_s'?" },
        { "an indicator of regions in a world of one", "look: [dependency_p95_ms]", "look: [imbalance_ratio]", "live.yaml:24:12: imbalance_ratio compares regions, and world one-region has one. Leave it out, or rehearse in a world of several, such as two-regions." },
        { "an unknown action", "do: rollback", "do: rolback", "live.yaml:35:19: unknown action 'rolback'. Did you mean 'rollback'?" },
        { "an option of another action", "do: rollback, node: eu.gateway-1", "do: rollback, node: eu.gateway-1, link: eu.redis", "live.yaml:35:49: unknown key 'link' in steps[2].action. Known keys: do, node." },
        { "a missing option", "per_second: 2, ", "", "live.yaml:31:5: steps[1].action lacks 'per_second'. Publishes a second that are let through, 1 to 1,000,000." },
        { "a link that is not there", "do: reroute, link: eu.redis", "do: reroute, link: eu.redsi", "live.yaml:26:34: unknown link 'eu.redsi' in world one-region. Did you mean 'eu.redis'?" },
        { "a node that is not there", "do: rollback, node: eu.gateway-1", "do: rollback, node: eu.gateway-2", "live.yaml:35:35: unknown node 'eu.gateway-2' in world one-region. Did you mean 'eu.gateway-1'?" },
        { "clients that can be sent nowhere else", "do: rollback, node: eu.gateway-1", "do: steer_home, region: eu", "live.yaml:35:39: world one-region has one region, so its clients can be sent nowhere else. Leave the action out, or rehearse in a world of several, such as two-regions." },
        { "a limit without end", "for: 10m }", "for: 0s }", "live.yaml:31:64: steps[1].action.for is out of range: 0s. It may be 1s to 24h." },
        { "a fault on a link of another kind", "link: eu.redis, fault: latency, for: 60s, attributes: { latency: 150 }", "link: eu.redis, fault: ws_handshake, for: 60s, attributes: { status: 503 }", "live.yaml:13:29: ws_handshake cannot act on eu.redis, a TCP link. It acts on: eu.clients." },
        { "an unknown budget", "budget: normal", "budget: nomal", "live.yaml:8:19: budget 'nomal' is missing in budgets.yaml. Did you mean 'normal'?" },
        { "a budget that bounds no delivery", "budget: normal", "budget: down", "live.yaml:8:19: budget 'down' in budgets.yaml does not bound publish to delivered. Give it one of p50_ms, p95_ms, p99_ms." },
        { "a fleet without messages", ", feed: { from: clients, rate_per_s: 40 } }", " }", "live.yaml:5:8: the fleet has no feed. Without messages nothing can be late, and nobody would notice the incident: give it feed: { from: clients, rate_per_s: 40 }." },
        { "no time to see the end", "gives_up_after: 5m", "gives_up_after: 70s", "live.yaml:7:17: gives_up_after is too short: 'bad-release' lasts 1m, and stability takes 10s more. Give it more time than both together, so that an incident that nobody ends is seen to its end." },
        { "a step twice", "- id: changes", "- id: channels", "live.yaml:32:9: duplicate step 'channels'. Line 28 has it already; give this one a name of its own." },
        { "a world that is not there", "world: one-region", "world: one-regoin", "live.yaml:4:8: unknown world 'one-regoin'. Did you mean 'one-region'?" },
        { "an unknown key", "hint:", "hnit:", "live.yaml:27:5: unknown key 'hnit' in steps[0]. Did you mean 'hint'?" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_slip_is_told_where_it_is(string slip, string from, string to, string expected)
    {
        Assert.Contains(from, RunbookFolder.Runbook, StringComparison.Ordinal);
        using var folder = new RunbookFolder(RunbookFolder.Runbook.Replace(from, to, StringComparison.Ordinal));
        var (runbook, errors) = folder.Load();
        // Of slips that concern every cause, the last is enough to read.
        var told = slip == "no time to see the end" ? string.Join("\n", errors.Take(1)) : string.Join("\n", errors);
        Assert.Equal($"{slip}: {expected}", $"{slip}: {told}");
        Assert.Null(runbook);
    }
}
