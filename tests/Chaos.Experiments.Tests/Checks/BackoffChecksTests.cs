using Chaos.Client.Randomness;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class BackoffChecksTests(ITestOutputHelper output)
{
    private static readonly double[] Steps = [.. Enumerable.Range(0, 40).Select(k => SeedTree.Stream(99, $"step {k}").NextDouble())];

    [Fact]
    public void Full_jitter_meets_every_check_of_backoff()
    {
        var storm = new ColdStorm().Build();
        foreach (var check in new[] { "backoff_jitter", "backoff_growth", "backoff_cap" })
        {
            var result = storm.Judge(check, during: "refuse");
            output.WriteLine(result.Sentence);
            Assert.Equal(ExpectationOutcome.Met, result.Outcome);
        }
    }

    [Fact]
    public void The_reference_passes_storm_after_storm()
    {
        var outcomes = Enumerable.Range(1, 15).Select(seed => new ColdStorm { Seed = seed, RefusedMs = 13_000 }.Build()).SelectMany(storm =>
            new[] { storm.Judge("backoff_jitter", during: "refuse"), storm.Judge("backoff_growth", during: "refuse"), storm.Judge("backoff_cap", during: "refuse") });
        Assert.All(outcomes, r => Assert.True(r.Outcome == ExpectationOutcome.Met, r.Sentence));
    }

    [Fact]
    public void A_machine_that_lets_nobody_through_for_a_while_is_no_lack_of_jitter()
    {
        // Half of the first attempts arrive in the same millisecond.
        var result = new ColdStorm { StallMs = 200 }.Build().Judge("backoff_jitter", during: "refuse");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Caught("backoff_jitter", new ColdStorm { StallMs = 200, Delay = (_, k, _) => 0.7 * UpperMs(k) }, 3);
    }

    [Fact]
    public void The_family_of_tests_raises_a_false_alarm_in_at_most_one_of_a_thousand_runs()
    {
        const int runs = 10_000, attempts = 5, n = 500;
        var alpha = MultipleTests.Bonferroni(0.0005, 2 * attempts);
        double maxD = KolmogorovSmirnov.Critical(n, alpha), maxPeak = PeakToMean.Critical(n, alpha);
        var alarms = 0;
        Parallel.For(0, runs, run =>
        {
            var random = SeedTree.Stream(run, "family");
            for (var k = 0; k < attempts; k++)
            {
                var sample = Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray();
                if (KolmogorovSmirnov.TestUniform(sample, 0, 1).D <= maxD && PeakToMean.Test(sample, x => x).Ratio < maxPeak) continue;
                Interlocked.Increment(ref alarms);
                break;
            }
        });

        // 5 expected; one in a thousand would be 10.
        output.WriteLine($"{alarms} false alarms in {runs} runs");
        Assert.InRange(alarms, 0, 10);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(500)]
    public void A_fixed_delay_is_caught_every_time(int clients) => Caught("backoff_jitter", new ColdStorm { Clients = clients, Delay = (_, k, _) => 0.7 * UpperMs(k) }, 5);

    [Theory]
    [InlineData(300)]
    [InlineData(500)]
    public void A_tenth_of_the_clients_in_step_is_caught_every_time(int clients) =>
        Caught("backoff_jitter", new ColdStorm { Clients = clients, Delay = (i, k, r) => (i < clients / 10 ? Steps[k] : r.NextDouble()) * UpperMs(k) }, 8);

    [Fact]
    public void One_draw_for_all_clients_of_a_process_is_caught_every_time() => Caught("backoff_jitter", new ColdStorm { Delay = (_, k, _) => Steps[k] * UpperMs(k) }, 3);

    [Fact]
    public void Jitter_before_the_cap_is_caught_where_clients_are_in_step_at_the_cap()
    {
        // The declared upper bound is reached at attempt 3; this client draws below an uncapped bound and cuts the draw off.
        var result = new ColdStorm { Delay = (_, k, r) => Math.Min(3_200, r.NextDouble() * 400 * Math.Pow(2, k)) }.Build().Judge("backoff_jitter", new { attempts = 6 }, "refuse");
        output.WriteLine(result.Sentence);
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.StartsWith("attempt 4", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Coming_back_too_soon_is_caught_on_a_slow_machine_too() =>
        Caught("backoff_jitter", new ColdStorm { Clients = 300, RefusedMs = 2_000, Overhead = r => 40 + 20 * r.NextDouble(), Delay = (_, _, _) => 0 }, 2);

    [Fact]
    public void Connections_too_young_to_reset_the_backoff_continue_the_count()
    {
        var young = new ColdStorm { AgeMs = 2_000, Delay = (_, k, r) => r.NextDouble() * UpperMs(k + 1) }.Build();
        Assert.Empty(BackoffGaps.Of(new(young.Events, young.Definition, new("e", "backoff_jitter", "run", []), new(0, long.MaxValue))).All(0));
        var growth = young.Judge("backoff_cap", during: "refuse");
        Assert.True(growth.Outcome == ExpectationOutcome.Met, growth.Sentence);
    }

    [Fact]
    public void Connections_that_may_or_may_not_have_reset_it_are_left_out() => Inconclusive("backoff_jitter", new ColdStorm { AgeMs = 5_050 });

    [Fact]
    public void Too_few_clients_are_inconclusive() => Inconclusive("backoff_jitter", new ColdStorm { Clients = 200 });

    [Fact]
    public void A_window_with_too_few_rounds_is_inconclusive() => Inconclusive("backoff_jitter", new ColdStorm { RefusedMs = 1_000 });

    [Fact]
    public void Gaps_cut_off_by_the_end_of_the_run_are_inconclusive() => Inconclusive("backoff_jitter", new ColdStorm { RefusedMs = 9_000, TeardownMs = 9_500 });

    [Fact]
    public void A_machine_too_slow_to_judge_is_inconclusive() => Inconclusive("backoff_jitter", new ColdStorm { Overhead = r => 60 + 30 * r.NextDouble() });

    [Fact]
    public void Clients_without_a_declared_distribution_are_judged_by_their_spread()
    {
        Assert.Equal(ExpectationOutcome.Met, new ColdStorm { Client = "other" }.Build().Judge("backoff_jitter", during: "refuse").Outcome);
        var inStep = new ColdStorm { Client = "other", Delay = (_, k, r) => UpperMs(k) * (0.95 + 0.05 * r.NextDouble()) }.Build().Judge("backoff_jitter", during: "refuse");
        Assert.Equal(ExpectationOutcome.Broken, inStep.Outcome);
        var atTheCap = new ColdStorm { Client = "other", Delay = (_, k, r) => k < 4 ? r.NextDouble() * UpperMs(k) : r.NextDouble() < 0.2 ? 3_200 : r.NextDouble() * 3_200 }
            .Build().Judge("backoff_jitter", during: "refuse");
        Assert.Equal(ExpectationOutcome.Broken, atTheCap.Outcome);
    }

    [Fact]
    public void Gaps_that_do_not_grow_are_caught() => Caught("backoff_growth", new ColdStorm { RefusedMs = 4_000, Delay = (_, _, r) => r.NextDouble() * 400 }, 5);

    [Fact]
    public void A_fixed_delay_does_not_grow() => Caught("backoff_growth", new ColdStorm { RefusedMs = 4_000, Delay = (_, _, _) => 400 }, 3);

    [Fact]
    public void No_delay_at_all_is_never_taken_for_growth()
    {
        var storm = new ColdStorm { Clients = 300, RefusedMs = 300, Delay = (_, _, _) => 0 }.Build();
        Assert.NotEqual(ExpectationOutcome.Met, storm.Judge("backoff_growth", during: "refuse").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, storm.Judge("backoff_jitter", during: "refuse").Outcome);
    }

    [Fact]
    public void Growth_with_too_few_clients_is_inconclusive() => Inconclusive("backoff_growth", new ColdStorm { Clients = 100 });

    [Fact]
    public void Jitter_on_top_of_the_cap_is_caught() => Caught("backoff_cap", new ColdStorm { Delay = (_, k, r) => UpperMs(k) * (0.5 + r.NextDouble()) }, 5);

    [Fact]
    public void A_little_jitter_on_top_of_the_cap_is_caught() => Caught("backoff_cap", new ColdStorm { Delay = (_, k, r) => UpperMs(k) + r.NextDouble() * 300 }, 5);

    [Fact]
    public void A_client_that_never_comes_back_is_above_the_cap() =>
        Caught("backoff_cap", new ColdStorm { Delay = (i, k, r) => i < 10 && k == 5 ? 1e6 : r.NextDouble() * UpperMs(k) }, 1);

    [Fact]
    public void A_late_timer_now_and_then_is_not_jitter_above_the_cap()
    {
        var storm = new ColdStorm { Delay = (i, k, r) => r.NextDouble() * UpperMs(k) + (i == 7 && k == 5 ? 3_300 - 3_100 : 0) };
        Assert.Equal(ExpectationOutcome.Met, storm.Build().Judge("backoff_cap", during: "refuse").Outcome);
    }

    [Fact]
    public void A_cap_that_was_not_reached_is_inconclusive() => Inconclusive("backoff_cap", new ColdStorm { RefusedMs = 1_000 });

    [Fact]
    public void What_dialling_takes_is_taken_off()
    {
        var result = new ColdStorm { Overhead = _ => 20 }.Build().Judge("backoff_jitter", during: "refuse");
        Assert.Equal(ExpectationOutcome.Met, result.Outcome);
        Assert.Contains(result.Measures, m => m.Name == "overhead removed, attempt 0" && Math.Abs(m.Value - 40) < 0.01);
    }

    private static double UpperMs(int attempt) => new ColdStorm().Policy.UpperBoundMs(attempt);

    private void Caught(string check, ColdStorm storm, int times)
    {
        for (var seed = 1; seed <= times; seed++)
        {
            var result = (storm with { Seed = seed, RefusedMs = Math.Min(storm.RefusedMs, 13_000) }).Build().Judge(check, during: "refuse");
            if (seed == 1) output.WriteLine(result.Sentence);
            Assert.True(result.Outcome == ExpectationOutcome.Broken, $"seed {seed}: {result.Outcome}: {result.Sentence}");
            Assert.NotNull(result.Deciding);
            Assert.False(result.Deciding.Ok);
        }
    }

    private void Inconclusive(string check, ColdStorm storm)
    {
        var result = storm.Build().Judge(check, during: "refuse");
        output.WriteLine(result.Sentence);
        Assert.Equal(ExpectationOutcome.Inconclusive, result.Outcome);
    }
}
