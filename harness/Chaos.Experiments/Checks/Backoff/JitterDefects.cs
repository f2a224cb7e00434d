using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Sensitivity;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>Backoff that is less spread than it should be, by as little as one likes.</summary>
internal static class JitterDefects
{
    private static readonly double[] Shares = [0, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50];

    /// <summary>Before the rule for declared backoff.</summary>
    /// <param name="samples">Gaps at each attempt.</param>
    /// <param name="alpha">Level of all tests together.</param>
    public static IReadOnlyList<Defect> OfDeclared(int[] samples, double alpha)
    {
        var level = JitterRule.LevelOfEach(alpha, samples.Length);
        return All(samples, gaps => JitterRule.Judge(gaps, 1, level).Ok);
    }

    /// <summary>Before the rule for clients that declare nothing.</summary>
    /// <param name="samples">Gaps at each attempt.</param>
    /// <param name="minVariation">Least standard deviation over mean.</param>
    /// <param name="maxShare">Largest share in a bin, 0..1.</param>
    public static IReadOnlyList<Defect> OfBlackBox(int[] samples, double minVariation, double maxShare) =>
        All(samples, gaps => SpreadRule.Judge(gaps, minVariation, maxShare).Ok);

    private static List<Defect> All(int[] samples, Func<double[], bool> isFine) =>
    [
        new("clients in step at every attempt", "% of clients", samples.Min(), Shares, (random, size) => samples.Any(n => !isFine(InStep(random, n, size / 100)))),
        new("clients in step at one attempt", "% of clients", samples.Min(), Shares, (random, size) => samples.Index().Any(s => !isFine(InStep(random, s.Item, s.Index == 0 ? size / 100 : 0)))),
        new("the shortest gaps never drawn", "% of the range", samples.Min(), Shares, (random, size) => samples.Any(n => !isFine(Narrow(random, n, size / 100)))),
    ];

    // Some share one draw; the others are honest.
    private static double[] InStep(Random random, int n, double share)
    {
        var moment = random.NextDouble();
        return Fill(n, () => random.NextDouble() < share ? moment : random.NextDouble());
    }

    private static double[] Narrow(Random random, int n, double least) => Fill(n, () => least + (1 - least) * random.NextDouble());

    private static double[] Fill(int n, Func<double> draw)
    {
        var gaps = new double[n];
        for (var i = 0; i < n; i++) gaps[i] = draw();
        return gaps;
    }
}
