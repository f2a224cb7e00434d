using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Tests.Samples;

/// <summary>Numbers about backoff, from simulated gaps.</summary>
internal static class BackoffSamples
{
    private const int Bins = 20;

    /// <summary>A client that declares its distribution.</summary>
    public static ExperimentVerdict Declared(SampleRandom random, int clients, double machine, double jitterLost = 0)
    {
        var measures = new List<Measure>();
        var growth = new List<Measure>();
        var lastMedian = 0.0;
        for (var k = 0; k < 4; k++)
        {
            double[] gaps = Sorted(clients, () => (jitterLost / 2) + ((1 - jitterLost) * random.Next()));
            var d = gaps.Select((g, i) => Math.Max(Math.Abs(g - ((double)i / clients)), Math.Abs(g - ((i + 1.0) / clients)))).Max();
            var peak = gaps.CountBy(g => (int)(g * Bins)).Max(b => b.Value) * (double)Bins / clients;
            var medianMs = gaps[clients / 2] * 500 * Math.Pow(2, k);
            if (k > 0) growth.Add(new Measure($"growth to attempt {k}", medianMs / lastMedian, 2, "×", clients, true, "within"));
            lastMedian = medianMs;
            measures.Add(new Measure($"KS D, attempt {k}", d, 0.113, "", clients, d <= 0.113));
            measures.Add(new Measure($"peak/mean, attempt {k}", peak, 2.15, "×", clients, peak < 2.15, "<"));
            measures.Add(new Measure($"overhead removed, attempt {k}", 0.8 * machine * (1 + random.Exponential()), 600, "ms", clients, true));
        }

        return SampleNights.Of("backoff-storm", [SampleNights.Result("jitter", "backoff_jitter", [.. measures]), SampleNights.Result("growth", "backoff_growth", [.. growth])]);
    }

    /// <summary>A client that declares nothing; half of each gap is fixed, the other half is drawn.</summary>
    public static ExperimentVerdict BlackBox(SampleRandom random, int clients, double jitterLost)
    {
        var measures = new List<Measure>();
        for (var k = 0; k < 3; k++)
        {
            double[] gaps = Sorted(clients, () => 1 + ((1 - jitterLost) * random.Next()));
            var mean = gaps.Average();
            var cv = Math.Sqrt(gaps.Sum(g => (g - mean) * (g - mean)) / (clients - 1)) / mean;
            var fullest = 100.0 * gaps.CountBy(g => (int)((g - 1) * 100)).Max(b => b.Value) / clients;
            measures.Add(new Measure($"deviation/mean, attempt {k}", cv, 0.1, "", clients, cv >= 0.1, "≥"));
            measures.Add(new Measure($"fullest 1 % bin, attempt {k}", fullest, 8, "%", clients, fullest <= 8));
        }

        return SampleNights.Of("backoff-black-box-js", [SampleNights.Result("spread", "backoff_jitter", [.. measures])]);
    }

    /// <summary>Arrivals of a storm, and how long it takes to drain.</summary>
    public static ExperimentVerdict Storm(SampleRandom random, int clients)
    {
        double[] arrivals = Sorted(clients, () => 2_500 * random.Next());
        var peak = arrivals.CountBy(a => (int)(a / 100)).Max(b => b.Value);
        return SampleNights.Of("reconnect-storm",
        [
            SampleNights.Result("peak", "arrivals", new Measure("peak arrivals", peak, 40, "per 100 ms", clients, true)),
            SampleNights.Result("drained", "reconnect_time", new Measure("p95", arrivals[clients * 95 / 100], 10_000, "ms", clients, true)),
        ]);
    }

    private static double[] Sorted(int count, Func<double> next) => [.. Enumerable.Range(0, count).Select(_ => next()).Order()];
}
