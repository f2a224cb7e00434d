using Chaos.Experiments.Checks.Rules;

namespace Chaos.Experiments.Tests.FalseAlarms;

/// <summary>Honest clients before the checks of backoff.</summary>
internal static class BackoffCases
{
    private const double JitterAlpha = 0.0005;

    public static IEnumerable<FalseAlarmCase> All()
    {
        yield return Jitter("full jitter; 400 clients; 4 attempts", JitterAlpha, 400, 4);
        yield return Jitter("full jitter; 300 clients; 5 attempts", JitterAlpha, 300, 5);
        yield return Jitter("full jitter; 300 clients; 5 attempts; alpha 0.05", 0.05, 300, 5);
        yield return new("backoff_jitter", "full jitter on 400 to 3200 ms by timers up to 2 ms late; 400 clients; 4 attempts", JitterAlpha, WithLateTimers);
        yield return new("backoff_jitter", "coming back too soon; 300 clients; 5 attempts; alpha 0.05", 0.05,
            r => Enumerable.Range(0, 5).Any(_ => !JitterRule.TooSoon(Uniform(r, 300), 1, JitterRule.LevelOfEach(0.05, 5)).Ok));
        yield return Growth("declared growth; 300 clients; 4 attempts", 2);
        yield return Growth("growth at the upper edge of the tolerance; 300 clients; 4 attempts", 2.5);
        yield return Growth("growth at the lower edge of the tolerance; 300 clients; 4 attempts", 1.5);
        yield return Cap("one gap in 200 is late; 300 gaps", 300);
        yield return Cap("one gap in 200 is late; 1600 gaps", 1600);
        yield return new("backoff_reset", "mean connects at the limit; 60 clients; 12.5 base delays", ResetRule.Alpha, r => Reset(r, 60));
        yield return new("backoff_reset", "mean connects at the limit; 400 clients; 12.5 base delays", ResetRule.Alpha, r => Reset(r, 400));
        yield return new("arrivals", "400 clients spread over 2.5 s; 400 handshakes a second", 0.001,
            r => !ArrivalsRule.Judge([.. Enumerable.Range(0, 400).Select(_ => (long)(r.NextDouble() * 2_500_000))], 0, 400).Ok);
    }

    private static double[] Uniform(Random random, int n, double upper = 1)
    {
        var sample = new double[n];
        for (var i = 0; i < n; i++) sample[i] = random.NextDouble() * upper;
        return sample;
    }

    private static FalseAlarmCase Jitter(string name, double alpha, int clients, int attempts) => new("backoff_jitter", name, alpha, r =>
        Enumerable.Range(0, attempts).Any(_ => !JitterRule.Judge(Uniform(r, clients), 1, JitterRule.LevelOfEach(alpha, attempts)).Ok));

    // What the machine adds is told gap by gap and taken off; what is left of it is a timer that fires late.
    private static bool WithLateTimers(Random random)
    {
        for (var k = 0; k < 4; k++)
        {
            var upper = 400.0 * (1 << k);
            double[] sample = [.. Uniform(random, 400, upper).Select(wait => wait + (2 * random.NextDouble()))];
            if (!JitterRule.Judge(sample, upper, JitterRule.LevelOfEach(JitterAlpha, 4)).Ok) return true;
        }

        return false;
    }

    private static FalseAlarmCase Growth(string name, double factor) => new("backoff_growth", name, GrowthRule.Alpha, r =>
    {
        var before = Uniform(r, 300, 400);
        for (var k = 1; k < 4; k++)
        {
            var after = Uniform(r, 300, 400 * Math.Pow(factor, k));
            if (!GrowthRule.Judge(before, after, 2, 0.25, 3, r).Ok) return true;
            before = after;
        }

        return false;
    });

    private static FalseAlarmCase Cap(string name, int gaps) => new("backoff_cap", name, CapRule.Alpha, r =>
    {
        const double cap = 4000;
        double[] all = [.. Enumerable.Range(0, gaps).Select(_ => r.NextDouble() < CapRule.AllowedShare
            ? CapRule.LimitMs(cap) + r.NextDouble() * CapRule.AllowedMs : r.NextDouble() * cap)];
        var found = CapRule.Judge(all, cap);
        return !found.IsBounded || !found.AreFew;
    });

    // A stationary renewal process whose mean distance is the base delay: distances uniform on 0 to 2, the first by the inspection paradox.
    private static bool Reset(Random random, int clients)
    {
        const double window = 12.5;
        var connects = new double[clients];
        for (var i = 0; i < clients; i++)
        {
            for (var at = 2 * (1 - Math.Sqrt(1 - random.NextDouble())); at < window; at += 2 * random.NextDouble()) connects[i]++;
        }

        return !ResetRule.Judge(connects, window).Ok;
    }
}
