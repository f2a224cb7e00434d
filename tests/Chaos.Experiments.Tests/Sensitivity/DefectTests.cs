using Chaos.Client.Randomness;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Sensitivity;
using Chaos.Experiments.Tests.Checks;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Sensitivity;

/// <summary>The defects that the checks are asked about are what they say, and the rules see them.</summary>
public sealed class DefectTests
{
    private const string Client = "c-0001", Feed = "feed-0001";

    [Fact]
    public void The_rule_for_declared_backoff_sees_every_defect_once_it_is_large_and_none_where_there_is_none()
    {
        var defects = Of("backoff_jitter", new ColdStorm { Clients = 300, RefusedMs = 13_000 }.Build(), new { attempts = 4 }, "refuse");
        Assert.Equal(3, defects.Count);
        foreach (var defect in defects)
        {
            Assert.InRange(defect.Sample, 285, 300);
            Assert.InRange(Caught(defect, 0), 0, 1);
            Assert.Equal(200, Caught(defect, 50));
        }
    }

    [Fact]
    public void The_rule_for_clients_that_declare_nothing_sees_a_tenth_of_them_in_step()
    {
        var defects = Of("backoff_jitter", new ColdStorm { Clients = 300, RefusedMs = 13_000, Client = "centrifuge-js" }.Build(), new { attempts = 4 }, "refuse");
        Assert.Equal(0, Caught(defects[0], 0));
        Assert.Equal(200, Caught(defects[0], 10));
        Assert.Equal(200, Caught(defects[2], 50));
    }

    [Fact]
    public void Deliveries_are_lost_as_often_as_arithmetic_says()
    {
        var defect = Assert.Single(Of("loss", Stream(1_000, _ => 20)));
        Assert.Equal(1_000, defect.Sample);
        Assert.Equal(0, Caught(defect, 0));
        // 1 − (1 − 0.001)^1000 = 0.632; the deviation of 200 draws is 0.034.
        Assert.InRange(Caught(defect, 1_000) / 200.0, 0.632 - 4 * 0.034, 0.632 + 4 * 0.034);
    }

    [Fact]
    public void Lateness_is_seen_once_it_is_beyond_what_the_sample_may_show_by_chance()
    {
        var defects = Of("latency", Stream(1_000, n => 10 + n % 10), new { p50_ms = 50, p99_ms = 200 });
        Assert.Equal(["messages above the budget of the p50", "messages above the budget of the p99", "every message later than it was in this run"], defects.Select(d => d.Name));
        Assert.InRange(Caught(defects[1], 1), 0, 6);
        Assert.Equal(200, Caught(defects[1], 4));
        // The median is 14 or 15 ms, so all are late by 41.
        Assert.Equal(0, Caught(defects[2], 25));
        Assert.Equal(200, Caught(defects[2], 41));
        Assert.Contains(defects[2].Sizes, size => size is > 35 and <= 36);
    }

    [Fact]
    public void A_run_beyond_its_budget_has_no_room_to_ask_about() =>
        Assert.Single(Of("latency", Stream(1_000, _ => 80), new { p50_ms = 50 }));

    [Fact]
    public void Retries_are_seen_beyond_what_the_budget_and_its_reserve_allow()
    {
        const string requests = "chaos_dependency_requests_total{dependency=\"redis\",outcome=\"ok\"}", attempts = "chaos_dependency_attempts_total{dependency=\"redis\"}";
        var builder = new JournalBuilder().Phased(recovery: 9_000).Fault("down", "down", 4_000, 9_000, "eu.redis")
            .Metrics(3_900, "g1", (requests, 500), (attempts, 500)).Metrics(8_900, "g1", (requests, 1_500), (attempts, 1_500));
        var defect = Assert.Single(Of("amplification", builder, new { max = 1.1, allowance = 20 }, "down"));
        Assert.Equal(1_000, defect.Sample);
        Assert.Equal(0, Caught(defect, 0.05));
        // Half of the runs where (1000 + retries − 20) / 1000 is 1.1 on average.
        Assert.InRange(Caught(defect, 0.12), 60, 140);
        Assert.Equal(200, Caught(defect, 0.24));
    }

    [Theory]
    [InlineData("loss")]
    [InlineData("latency")]
    public void Without_data_there_is_nothing_to_ask(string check) => Assert.Empty(Of(check, Stream(50, _ => 20), check == "loss" ? null : new { p50_ms = 50 }));

    private static IReadOnlyList<Defect> Of(string check, JournalBuilder journal, object? options = null, string during = "run") =>
        ((ISensitive)CheckCatalogue.Find(check)!).Defects(journal.Context(check, options, during));

    private static int Caught(Defect defect, double size) => Enumerable.Range(0, 200).Count(i => defect.IsCaught(SeedTree.Stream(i, "caught"), size));

    private static JournalBuilder Stream(int count, Func<long, double> took)
    {
        var all = Enumerable.Range(1, count).Select(n => ((long)n, n * 10.0, took(n))).ToArray();
        return new JournalBuilder().Phased(teardown: 20_000).Subscribe(Client, -500).Ack(Feed, all).Deliver(Client, Feed, all);
    }
}
