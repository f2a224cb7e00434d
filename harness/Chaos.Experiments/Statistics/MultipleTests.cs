namespace Chaos.Experiments.Statistics;

/// <summary>Keeps the error level of a family of tests: one false alarm in 1/alpha families, however many tests each has.</summary>
public static class MultipleTests
{
    /// <summary>Bonferroni: the level of each of <paramref name="tests"/> tests (Dunn, JASA 56, 1961). It holds however the tests depend on one another.</summary>
    public static double Bonferroni(double alpha, int tests)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tests, 1);
        return alpha / tests;
    }

    /// <summary>Holm's step-down (Scandinavian Journal of Statistics 6, 1979): never weaker than Bonferroni, and keeps the same level.</summary>
    /// <param name="p">P-values of the tests.</param>
    /// <param name="alpha">Level of the whole family.</param>
    /// <returns>For each test, in the order given, whether it rejects.</returns>
    public static bool[] Holm(IReadOnlyList<double> p, double alpha)
    {
        var rejects = new bool[p.Count];
        var order = Enumerable.Range(0, p.Count).OrderBy(i => p[i]).ToArray();
        for (var rank = 0; rank < order.Length; rank++)
        {
            if (p[order[rank]] > alpha / (p.Count - rank)) break;
            rejects[order[rank]] = true;
        }

        return rejects;
    }
}
