using Chaos.Experiments.Checks.Rules;
using Chaos.Journal.Verdicts;
using Chaos.Load.Feeds;
using MathNet.Numerics.Distributions;

namespace Chaos.Experiments.Tests.FalseAlarms;

/// <summary>Honest systems before the checks of delivery, dependencies and monitoring. Percentiles are judged alike for every distribution, so a uniform one will do.</summary>
internal static class DeliveryCases
{
    public static IEnumerable<FalseAlarmCase> All()
    {
        foreach (var n in new[] { 110, 400 }) yield return Percentile("reconnect_time", n, 0.95);
        foreach (var n in new[] { 528, 1600 })
        {
            yield return Percentile("latency", n, 0.5);
            yield return Percentile("latency", n, 0.95);
            yield return Percentile("latency", n, 0.99);
        }

        yield return new("latency", "p99 at the budget is taken for met; 1600 messages", PercentileRule.Alpha, r => PercentileRule.Judge(Sorted(r, 1600), 0.99, 0.99).Outcome == ExpectationOutcome.Met);
        yield return new("latency", "p50 p95 and p99 at their budgets; 1600 messages", 3 * PercentileRule.Alpha, r =>
        {
            var sorted = Sorted(r, 1600);
            return new[] { 0.5, 0.95, 0.99 }.Any(p => PercentileRule.Judge(sorted, p, p).Outcome == ExpectationOutcome.Broken);
        });
        yield return new("latency", "p99 with nine tenths of the share above its budget; 1600 messages", PercentileRule.Alpha, r => PercentileRule.Judge(Sorted(r, 1600), 0.99, 0.991).Outcome == ExpectationOutcome.Broken);
        yield return new("errors", "refusals at the limit of 1 %; 1000 publishes", CountRules.ShareAlpha,
            r => CountRules.Within(Binomial.Sample(r, 0.01, 1000), 1000, 0.01).Outcome == ExpectationOutcome.Broken);
        yield return Bound("loss", "the bound is below the true rate of 1 in 1000; 1000 deliveries", 1000, 0.001);
        yield return Bound("loss", "the bound is below the true rate of 1 in 100; 1000 deliveries", 1000, 0.01);
        yield return Bound("gapless", "the bound is below the true rate of 1 in 100; 300 cuts", 300, 0.01);
        yield return new("amplification", "every operation fails and the retry budget is spent; 200 to 1400 operations", 0.001, SpentBudget);
        yield return new("recovers", "an unharmed feed of 100 messages a second on 50 lines; 3 s and 1 s", 0.001, Unharmed);
        foreach (var p in new[] { 0.5, 0.95, 0.99 })
        {
            yield return new("round_trip_agrees", $"p{p * 100:0} differs by the whole tolerance; 547 round trips", AgreementRule.Alpha,
                r => !AgreementRule.Agree(0, (p - 0.02) / 1.1, Sorted(r, 547), p, 0.1, 0.02));
        }
    }

    private static FalseAlarmCase Percentile(string check, int n, double p) => new(check, $"p{p * 100:0} at the budget; {n} samples", PercentileRule.Alpha,
        r => PercentileRule.Judge(Sorted(r, n), p, p).Outcome == ExpectationOutcome.Broken);

    private static FalseAlarmCase Bound(string check, string name, int n, double rate) => new(check, name, CountRules.BoundAlpha,
        r => CountRules.AtMost(Binomial.Sample(r, rate, n), n, 0).Bound < rate);

    private static double[] Sorted(Random random, int n)
    {
        var sample = new double[n];
        for (var i = 0; i < n; i++) sample[i] = random.NextDouble();
        Array.Sort(sample);
        return sample;
    }

    // A token bucket as the gateway's: a tenth of a retry for each operation, ten in reserve, at most two retries of one operation.
    private static bool SpentBudget(Random random)
    {
        var operations = 200 + random.Next(1201);
        double balance = 10;
        long attempts = 0;
        for (var i = 0; i < operations; i++)
        {
            balance = Math.Min(10, balance + 0.1);
            attempts++;
            for (var retry = 0; retry < 2 && balance >= 1; retry++)
            {
                balance--;
                attempts++;
            }
        }

        return !AmplificationRule.Judge(operations, 0, attempts, 20, 1.1).Ok;
    }

    private static bool Unharmed(Random random)
    {
        var lines = Enumerable.Range(0, 50).Select(i => new FeedLine($"p-{i}", "c")).ToList();
        var schedule = new FeedSchedule(lines, 100, random.Next(), 0);
        long from = random.Next(1_000_000), rest = from + 20_000_000;
        long before = 0, after = 0;
        for (var i = 0L; schedule[i].DueUs < rest + 1_000_000; i++)
        {
            var due = schedule[i].DueUs;
            if (due >= from && due < from + 3_000_000) before++;
            if (due >= rest) after++;
        }

        return !GoodputRule.Judge(before, 3, after, 1, 0.95).Ok;
    }
}
