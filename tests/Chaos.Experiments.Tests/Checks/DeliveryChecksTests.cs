using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class DeliveryChecksTests
{
    private const string Feed = "feed-0001";
    private const string Client = "c-0001";

    [Fact]
    public void Latency_within_budget_is_met_with_its_interval()
    {
        var result = Stream(1_000, took: n => n % 200 == 0 ? 80 : 20).Judge("latency", new { p50_ms = 30, p95_ms = 50, p99_ms = 90 });
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal(3, result.Measures.Count);
        Assert.All(result.Measures, m => Assert.Equal(1_000, m.Sample));
    }

    [Fact]
    public void A_percentile_over_its_budget_is_broken()
    {
        var result = Stream(1_000, took: n => n % 50 == 0 ? 120 : 20).Judge("latency", new { p99_ms = 100 });
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.Equal(120, result.Deciding!.Value, 6);
    }

    [Fact]
    public void An_interval_across_the_budget_is_inconclusive_and_says_how_many_would_decide()
    {
        var result = Stream(1_000, took: n => n % 125 == 0 ? 120 : 20).Judge("latency", new { p99_ms = 100 });
        Assert.Equal(ExpectationOutcome.Inconclusive, result.Outcome);
        Assert.Matches("about [0-9]+ samples would decide", result.Sentence);
    }

    [Fact]
    public void Messages_that_never_came_are_late()
    {
        var result = Stream(1_000, took: n => n % 50 == 0 ? null : 20).Judge("latency", new { p99_ms = 100 });
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.Contains("20 of them never came", result.Sentence, StringComparison.Ordinal);
        Assert.True(double.IsFinite(result.Deciding!.Value));
    }

    [Fact]
    public void Messages_that_were_never_acknowledged_are_late_too()
    {
        var builder = Stream(1_000, took: n => n <= 900 ? 20 : null, acked: n => n <= 900).Add(13_500, new FeedStopped(Feed, "acme:ch-000", 1_000, 900));
        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("latency", new { of = "acked", p95_ms = 100 }).Outcome);
        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("latency", new { of = "delivered", p95_ms = 100 }).Outcome);
    }

    [Fact]
    public void Few_samples_are_inconclusive_in_every_check_of_delivery()
    {
        var builder = Stream(50, took: _ => 20);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("latency", new { p99_ms = 100 }).Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("loss").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("fails_fast", new { p99_ms = 100 }).Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("errors").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, new JournalBuilder().Phased().Judge("gapless").Outcome);
    }

    [Fact]
    public void Messages_due_outside_the_window_do_not_count() =>
        Assert.Equal(ExpectationOutcome.Met, Stream(1_000, took: n => n > 830 ? 500 : 20).Judge("latency", new { p99_ms = 100 }, "faults").Outcome);

    [Fact]
    public void Nothing_lost_is_met_with_a_bound_and_one_lost_is_broken()
    {
        var met = Stream(1_000, took: _ => 20).Judge("loss");
        Assert.Equal(ExpectationOutcome.Met, met.Outcome);
        Assert.Contains("below 0.2991 %", met.Sentence, StringComparison.Ordinal);
        var broken = Stream(1_000, took: n => n == 500 ? null : 20).Judge("loss");
        Assert.Equal(ExpectationOutcome.Broken, broken.Outcome);
        Assert.Contains("message 500 of feed-0001 on acme:ch-000 never reached c-0001", broken.Sentence, StringComparison.Ordinal);
        Assert.Equal(ExpectationOutcome.Met, Stream(1_000, took: n => n == 500 ? null : 20).Judge("loss", new { max = 1 }).Outcome);
    }

    [Fact]
    public void A_message_that_was_not_acknowledged_is_not_lost() =>
        Assert.Equal(ExpectationOutcome.Met, Stream(1_000, took: n => n == 500 ? null : 20, acked: n => n != 500).Judge("loss").Outcome);

    [Fact]
    public void A_subscriber_that_came_later_is_owed_only_what_came_after()
    {
        var builder = Stream(1_000, took: _ => 20).Subscribe("c-0002", 6_000);
        builder.Deliver("c-0002", Feed, [.. Enumerable.Range(1, 1_000).Select(n => ((long)n, Due(n), 20.0)).Where(i => i.Item2 > 6_000)]);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("loss").Outcome);
    }

    [Fact]
    public void A_whole_stream_over_many_cuts_is_gapless()
    {
        var result = Cut(Stream(1_000, took: _ => 20), 300).Judge("gapless");
        Assert.Equal(ExpectationOutcome.Met, result.Outcome);
        Assert.Contains("below 0.99 % of cuts", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_need_for_cuts_deliveries_are_the_sample() =>
        Assert.Equal(1_000, Stream(1_000, took: _ => 20).Judge("gapless", new { min_cuts = 0 }).Deciding!.Sample);

    [Fact]
    public void A_gap_a_duplicate_and_an_inversion_each_break_it()
    {
        var gap = Cut(Stream(1_000, took: n => n == 77 ? null : 20), 300).Judge("gapless");
        Assert.Equal(ExpectationOutcome.Broken, gap.Outcome);
        Assert.Equal("gaps", gap.Deciding!.Name);
        var twice = Cut(Stream(1_000, took: _ => 20).Deliver(Client, Feed, (1_000, Due(1_000), 30)), 300).Judge("gapless");
        Assert.Equal("duplicates", twice.Deciding!.Name);
        var builder = Cut(Stream(1_000, took: n => n == 77 ? null : 20), 300).Deliver(Client, Feed, (77, Due(77), 9_000));
        Assert.Equal("inversions", builder.Judge("gapless").Deciding!.Name);
    }

    [Fact]
    public void What_was_acknowledged_last_must_come_too() =>
        Assert.Equal(ExpectationOutcome.Broken, Cut(Stream(1_000, took: n => n > 990 ? null : 20), 300).Judge("gapless").Outcome);

    [Fact]
    public void Few_cuts_or_cuts_of_another_fault_are_inconclusive()
    {
        Assert.Equal(ExpectationOutcome.Inconclusive, Cut(Stream(1_000, took: _ => 20), 150).Judge("gapless").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Cut(Stream(1_000, took: _ => 20), 300).Judge("gapless", new { fault = "other" }).Outcome);
        Assert.Equal(ExpectationOutcome.Met, Cut(Stream(1_000, took: _ => 20), 300).Judge("gapless", new { fault = "cut" }).Outcome);
    }

    [Fact]
    public void Quick_refusals_fail_fast_and_slow_ones_do_not()
    {
        Assert.Equal(ExpectationOutcome.Met, Refused(900, 40).Judge("fails_fast", new { p99_ms = 100 }).Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Refused(900, 400).Judge("fails_fast", new { p99_ms = 100 }).Outcome);
    }

    [Fact]
    public void Publishes_that_get_no_answer_do_not_fail_fast()
    {
        var builder = Refused(900, 40).Add(14_000, new FeedStopped(Feed, "acme:ch-000", 1_000, 900));
        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("fails_fast", new { p99_ms = 100 }).Outcome);
    }

    [Fact]
    public void Refusals_are_counted_by_code()
    {
        var builder = Stream(1_000, took: _ => 20).Add(13_000, new ClientPublishFailed(Feed, "acme:ch-000", 1_001, 103, "no", 1_000));
        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("errors").Outcome);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("errors", new { code = 100 }).Outcome);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("errors", new { max_share = 0.01 }).Outcome);
    }

    private static double Due(long n) => 100 + n * 12;

    private static JournalBuilder Stream(int count, Func<long, double?> took, Func<long, bool>? acked = null)
    {
        var builder = new JournalBuilder().Phased(teardown: 20_000).Subscribe(Client, -500);
        builder.Ack(Feed, [.. Enumerable.Range(1, count).Where(n => acked?.Invoke(n) ?? true).Select(n => ((long)n, Due(n), 5.0))]);
        return builder.Deliver(Client, Feed, [.. Enumerable.Range(1, count).Where(n => took(n) is not null).Select(n => ((long)n, Due(n), took(n)!.Value))]);
    }

    private static JournalBuilder Cut(JournalBuilder builder, int cuts)
    {
        for (var i = 0; i < cuts; i++) builder.Close(Client, builder.Open(Client, 3_000 + i * 20), 3_010 + i * 20, "fault", $"cut#{i}");
        return builder;
    }

    private static JournalBuilder Refused(int count, double tookMs)
    {
        var builder = new JournalBuilder().Phased(teardown: 20_000);
        for (var n = 1; n <= count; n++)
            builder.Add(Due(n) + tookMs, new ClientPublishFailed(Feed, "acme:ch-000", n, 100, "internal", (long)(tookMs * 1_000)));
        return builder;
    }
}
