using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Simulation.Tests;

/// <summary>Simulated gateways take what the gateway's own limits allow.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task After_a_storm_no_more_are_taken_than_the_burst_and_the_rate_allow()
    {
        const int rate = 100;
        var simulated = await Simulated.RunAsync(Storm.Experiment(Wide.Limits(rate, 10_000), TimeSpan.FromSeconds(5)), Storm.Clients(2_000));
        var open = simulated.Journal.Events.OfType<FaultOff>().Single(f => f.Fault == "refused").At;
        var taken = Rows.All(simulated).Where(a => a.IsOpen && a.ArrivedUs >= open).Select(a => a.ArrivedUs - open).Order().ToList();
        for (var i = 0; i < taken.Count; i++) Assert.True(i + 1 <= (2 * rate) + (rate / 10 * (1 + (taken[i] / 100_000))), $"{i + 1} within {taken[i]} µs");
        Assert.InRange(taken.Count, 2 * rate + 4 * rate, 2 * rate + 5 * rate + 10);
        Assert.Contains(Rows.All(simulated), a => a.Status == 503 && a.ArrivedUs >= open);
        Assert.Equal(Outcome.Deviated, simulated.Verdict.Outcome);
        // The burst, and one step of ten at each of the 49 tenths of a second within the five seconds.
        Assert.Contains("690 of 2000 clients are connected", simulated.Only.SteadyAfter.Single().Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_clients_than_the_gateways_hold_do_not_meet_the_baseline_and_the_limit_is_named()
    {
        var simulated = await Simulated.RunAsync(Storm.Experiment(Wide.Limits(1_000, 90)), Storm.Clients(100));
        Assert.Equal(Outcome.BaselineNotMet, simulated.Verdict.Outcome);
        Assert.Equal("100 clients are more than the 90 connections that the gateways hold (gateway.limits.max_connections, 90 each)",
            simulated.Journal.Events.OfType<ExperimentEnded>().Single().Message);
    }

    [Fact]
    public async Task Every_connection_is_cut_at_the_same_moment_and_every_client_hears_of_it_one_way_later()
    {
        var simulated = await Simulated.RunAsync(Storm.Experiment(), Storm.Clients(40) with { LatencyMs = 30 });
        var on = simulated.Journal.Events.OfType<FaultOn>().Single(f => f.Fault == "cut").At;
        var cuts = Rows.Cuts(simulated).ToList();
        Assert.Equal(Enumerable.Range(1, 40), cuts.Select(c => c.Client).Order());
        Assert.All(cuts, c => Assert.Equal((on, on + 30_000), (c.CutUs, c.HeardUs)));
        Assert.All(Rows.All(simulated), a => Assert.Equal(30_000, a.ArrivedUs - a.DialledUs));
        Assert.All(Rows.All(simulated).Where(a => a.HeardUs is not null), a => Assert.Equal(a.IsOpen ? 90_000 : 30_000, a.HeardUs - a.AnsweredUs));
    }
}
