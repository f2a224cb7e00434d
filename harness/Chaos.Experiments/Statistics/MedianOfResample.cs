using MathNet.Numerics;

namespace Chaos.Experiments.Statistics;

/// <summary>
/// Which observation of a sorted sample is the median of a bootstrap resample, drawn without drawing the rest of it: the k-th smallest of
/// n uniform draws is Beta(k, n − k + 1), and a resample's k-th smallest is the observation at that place (Devroye,
/// "Non-Uniform Random Variate Generation", 1986, V.3.1). Drawn by inversion of the n-step distribution function, with
/// a guide table (Chen and Asau, 1974; Devroye, III.2.4).
/// </summary>
internal sealed class MedianOfResample
{
    private readonly double[] _cdf;
    private readonly int[] _guide;

    /// <param name="n">Size of the sample, at least 1.</param>
    public MedianOfResample(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var k = (n + 1) / 2;
        _cdf = new double[n];
        for (var i = 0; i < n - 1; i++) _cdf[i] = SpecialFunctions.BetaRegularized(k, n - k + 1, (i + 1.0) / n);
        _cdf[n - 1] = 1;
        _guide = new int[n];
        for (int i = 0, place = 0; i < n; i++)
        {
            while (_cdf[place] <= (double)i / n) place++;
            _guide[i] = place;
        }
    }

    /// <summary>Draws a place, from 0.</summary>
    public int Place(Random random)
    {
        var u = random.NextDouble();
        var place = _guide[(int)(u * _guide.Length)];
        while (_cdf[place] <= u) place++;
        return place;
    }
}
