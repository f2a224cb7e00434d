using Chaos.Experiments.Definitions;
using Chaos.Experiments.Rehearsals;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Rehearsals;

public sealed class VitalSignsTests
{
    private const long Now = 1_700_000_010_000_000;

    private static readonly FleetDefinition Fleet = new() { Count = 2, Channels = 1, Link = "eu.clients", Feed = new FeedDefinition("clients", 20) };

    private static readonly StabilityDefinition Stable = new(new BudgetDefinition("normal", "", new Dictionary<string, double> { ["p50_ms"] = 50, ["p95_ms"] = 150 }), TimeSpan.FromSeconds(10), 0.05, 0.95);

    [Fact]
    public void A_fleet_that_gets_everything_in_time_is_well()
    {
        var vitals = Signs(_ => 10).At(Now);
        Assert.Equal((10.0, 10.0, 1.0, 0.0, 1.0), (vitals.P50Ms, vitals.P95Ms, vitals.DeliveredShare, vitals.ErrorShare, vitals.ConnectedShare));
        Assert.Empty(vitals.Broken(Stable));
    }

    [Fact]
    public void What_comes_late_is_late_when_it_comes() =>
        Assert.Equal(["p50 200 ms, budget 50 ms", "p95 200 ms, budget 150 ms"], Signs(_ => 200).At(Now).Broken(Stable));

    [Fact]
    public void A_stall_is_seen_though_nothing_that_arrives_is_late()
    {
        var vitals = Signs(_ => 10, lastMs: 8_000).At(Now);
        Assert.InRange(vitals.DeliveredShare, 0.2, 0.5);
        Assert.Contains(vitals.Broken(Stable), b => b.EndsWith("of the messages arrive, at least 50 % must", StringComparison.Ordinal));
    }

    [Fact]
    public void Refusals_and_lost_connections_are_seen()
    {
        var signs = Signs(_ => 10);
        for (var i = 0; i < 10; i++) signs.Add(new ClientPublishFailed("c-0001", "acme:ch-000", i, 103, "no", 5) { At = Now - 1_000_000 });
        signs.Add(new ClientDisconnected("c-0002", "transport", null, null, false) { At = Now - 1_000_000 });
        Assert.Equal(["14 % of publishes are refused, 5 % may be", "50 % of clients are connected, 95 % must be"], signs.At(Now).Broken(Stable));
    }

    [Fact]
    public void A_strangers_messages_are_promised_to_nobody_and_make_a_channel_hot()
    {
        var signs = Signs(_ => 10);
        signs.Add(new ClientDelivered("c-0001", "acme:ch-007", "flood-0001", [.. Enumerable.Range(1, 500).Select(i => (long)i)], [.. Enumerable.Repeat(Now - 3_000_000, 500)], [.. Enumerable.Repeat(1_500_000L, 500)]) { At = Now - 1_500_000 });
        Assert.Empty(signs.At(Now).Broken(Stable));
        Assert.Equal("acme:ch-007", signs.Hottest(Now)!.Value.Channel);
        Assert.InRange(signs.Hottest(Now)!.Value.Share, 0.7, 0.9);
    }

    [Fact]
    public void A_channel_that_is_limited_on_purpose_is_left_out_until_it_no_longer_is()
    {
        var fleet = Fleet with { Channels = 2, Feed = new FeedDefinition("clients", 40) };
        var signs = Signs(_ => 10, fleet: fleet);
        for (var i = 0; i < 100; i++) signs.Add(new ClientPublishFailed("c-0001", "acme:ch-001", i, 111, "limited", 5) { At = Now - 1_000_000 });
        Assert.Contains(signs.At(Now).Broken(Stable), b => b.Contains("refused", StringComparison.Ordinal));
        signs.Limited("acme:ch-001", true);
        Assert.Equal((0.0, 1.0), (signs.At(Now).ErrorShare, signs.At(Now).DeliveredShare));
        Assert.Empty(signs.At(Now).Broken(Stable));
        signs.Limited("acme:ch-001", false);
        Assert.NotEmpty(signs.At(Now).Broken(Stable));
    }

    /// <summary>Ten seconds of 20 messages a second to two clients, each so many milliseconds late.</summary>
    private static VitalSigns Signs(Func<int, double> lateMs, int lastMs = 10_000, FleetDefinition? fleet = null)
    {
        var signs = new VitalSigns(fleet ?? Fleet);
        foreach (var client in new[] { "c-0001", "c-0002" })
        {
            signs.Add(new ClientConnected(client, null, false, null) { At = Now - 10_000_000 });
            for (var ms = 0; ms < lastMs; ms += 50)
            {
                var due = Now - 10_000_000 + (ms * 1000L);
                var us = (long)(lateMs(ms) * 1000);
                signs.Add(new ClientDelivered(client, "acme:ch-000", "c-0001", [1], [due], [us]) { At = due + us });
                if (client == "c-0001") signs.Add(new ClientAcked(client, "acme:ch-000", [1], [due], [us]) { At = due + us });
            }
        }

        return signs;
    }
}
