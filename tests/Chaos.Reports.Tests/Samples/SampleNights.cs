using Chaos.Journal.Verdicts;
using Chaos.Reports.Trend;
using static Chaos.Reports.Tests.Samples.SampleVerdicts;

namespace Chaos.Reports.Tests.Samples;

/// <summary>What is done to a night on purpose.</summary>
/// <param name="SlowTail">Factor on the slowest tenth of the deliveries of <c>latency-clients-far</c>.</param>
/// <param name="JitterLost">Share of the jitter that the third-party client has lost at every attempt.</param>
/// <param name="DeclaredJitterLost">The same of the reference client, which declares its distribution.</param>
/// <param name="Tool">Version of the tool.</param>
internal sealed record Plant(double SlowTail = 1, double JitterLost = 0, double DeclaredJitterLost = 0, string Tool = "1.0.0+abc");

/// <summary>
/// Nights as the shipped checklist makes them: the numbers are worked out from simulated deliveries, gaps and arrivals of the sizes that
/// whole runs have, on a machine whose own share of every time varies by an eighth from night to night.
/// </summary>
internal static class SampleNights
{
    private const double MachineDeviation = 0.125;

    private static readonly DateTimeOffset First = new(2026, 9, 21, 2, 5, 0, TimeSpan.Zero);

    /// <summary>Nights on which nothing changed.</summary>
    public static IReadOnlyList<Night> Healthy(int seed, int count) => [.. Enumerable.Range(0, count).Select(i => One(seed, i, new Plant()))];

    /// <summary>A night; the same seed and index give the same night.</summary>
    public static Night One(int seed, int index, Plant plant)
    {
        var random = new SampleRandom(((ulong)seed * 1_000_003) + (ulong)index);
        var machine = Math.Exp(MachineDeviation * random.Normal());
        ExperimentVerdict[] experiments =
        [
            Latency("latency-clients-far", "budget-far", 6_005, (180, 300, 450), () => 92 + (62 * random.Next()) + (machine * 2.5 * random.Exponential()), plant.SlowTail),
            Latency("latency-redis-slow", "budget-degraded", 6_010, (150, 300, 500), () => 18 + (14 * random.Next()) + (machine * 1.8 * random.Exponential())),
            Latency("latency-moderate", "budget-moderate", 12_068, (75, 200, 400), () => machine * 4 * Math.Exp(0.75 * random.Normal())),
            Latency("slow-consumer", "others-in-time", 1_500, (60, 180, 300), () => machine * 3.2 * Math.Exp(0.8 * random.Normal())),
            BackoffSamples.Declared(random, 400, machine, plant.DeclaredJitterLost), BackoffSamples.BlackBox(random, 320, plant.JitterLost), BackoffSamples.Storm(random, 400),
            Recovery(random, machine), Liveness(random, machine), Incident(random, machine), Scripts(),
        ];
        var started = First.AddDays(index);
        var run = $"{started:yyyyMMdd-HHmmss}-seed{seed * 1000 + index}";
        var journal = new SampleJournal().Add(0, new Chaos.Journal.Events.RunStarted(1, run, 7, "./chaos run --seed 7", plant.Tool, 2, "Debian GNU/Linux 12"));
        foreach (var e in experiments) journal.Experiment(e.Id, 1, definition: new { world = new { name = "one-region" }, fleet = new { count = 400 } });
        var verdict = new RunVerdict(run, (seed * 1000) + index, "./chaos run --seed 7", Outcome.Passed, experiments, [], []);
        var matrix = new KillMatrix([new KillRow("client.fixed-delay", "backoff-storm", "jitter", true, true, "deviated", "KS D was 0.61."), new KillRow("client.stuck-offset", "resume-random-cuts", "gapless", true, true, "deviated", "12 duplicates.")]);
        return NightOf.Of(journal.Build(), verdict, "./chaos nightly --seed 7", []).With(matrix) with { StartedAt = started };
    }

    private static ExperimentVerdict Latency(string id, string expectation, int count, (double P50, double P95, double P99) budget, Func<double> delayMs, double slowTail = 1)
    {
        double[] sorted = [.. Enumerable.Range(0, count).Select(_ => delayMs()).Order()];
        for (var i = count * 9 / 10; i < count; i++) sorted[i] *= slowTail;
        return Of(id, [Result(expectation, "latency", Percentile("p50", 0.5, budget.P50), Percentile("p95", 0.95, budget.P95), Percentile("p99", 0.99, budget.P99)), Lost(count * 2)]);

        Measure Percentile(string name, double p, double most) => new(name, sorted[(int)(p * count)], most, "ms", count, sorted[(int)(p * count)] <= most);
    }

    private static ExperimentVerdict Recovery(SampleRandom random, double machine)
    {
        var back = 440 + (130 * random.Next()) + (12 * machine);
        var goodput = 100 + (0.2 * random.Normal());
        return Of("metastability",
        [
            Result("comes-back", "recovers", new Measure("first acknowledged after", back, 4_000, "ms", 1_002, true), new Measure("goodput of baseline", goodput, 95, "%", 1_002, true, "≥")),
            Result("breaker-opens", "breaker_opens", new Measure("opened after", 1_000 + (700 * random.Next()), 3_499.2 + random.Next(), "ms", 1, true)),
            Result("stays-back", "indicator", new Measure("errors_per_s", random.Next() < 0.2 ? 1 : 0, 10, "/s", 12, true)), Lost(11_015),
        ]);
    }

    private static ExperimentVerdict Liveness(SampleRandom random, double machine)
    {
        var slowest = 3_250 + (8 * machine) + Enumerable.Range(0, 50).Max(_ => 250 * random.Next());
        return Of("liveness-black-hole", [Result("noticed", "liveness", new Measure("slowest", slowest, 3_750, "ms", 50, true)), Lost(1_400)]);
    }

    private static ExperimentVerdict Incident(SampleRandom random, double machine) => Of("incident-storm",
    [
        Result("disconnects-seen", "indicator", new Measure("time to detect", 250 + (500 * random.Next()), 3_000, "ms", 12, true)),
        Result("dependency-cleared", "indicator", new Measure("dependency_p50_ms", machine * 2.5 * Math.Exp(0.1 * random.Normal()), 100, "ms", 8, true)),
        Result("percentiles", "round_trip_agrees", new Measure("p99", 182.1 - (random.Next() < 0.3 ? 2 : 0), 182.1, "ms", 1_192, true, "≈")),
    ]);

    private static ExperimentVerdict Scripts() => Of("tokens-and-channels", [Result("expiry", "script", new Measure("steps of token-expires", 4, 4, "", 4, true, "="))]);

    internal static ExperimentVerdict Of(string id, IReadOnlyList<ExpectationResult> expectations) =>
        Experiment(id, Outcome.Passed, "Every expectation held.", expectations, $"Title of {id}", $"Line of {id}");

    internal static ExpectationResult Result(string id, string check, params Measure[] measures) => Met(id, check, "a statistic", "It held.", measures);

    private static ExpectationResult Lost(int of) => Result("nothing-lost", "loss", new Measure("lost", 0, 0, "", of, true));
}
