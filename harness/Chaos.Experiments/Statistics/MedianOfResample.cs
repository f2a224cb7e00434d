using MathNet.Numerics;

namespace Chaos.Experiments.Statistics;

/// <summary>
/// Which observation of a sorted sample is the median of a bootstrap resample, drawn without drawing the rest of it: the k-th smallest of
/// n uniform draws is Beta(k, n − k + 1), and a resample's k-th smallest is the observation at that place (Devroye,
/// "Non-Uniform Random Variate Generation", 1986, V.3.1). Drawn by inversion of the n-step distribution function, with
/// a guide table (Chen and Asau, 1974; Devroye, III.2.4), over the places within ten standard deviations of the middle.
/// </summary>
internal sealed class MedianOfResample
{
    private readonly int _from;
    private readonly double[] _cdf;
    private readonly int[] _guide;

    /// <param name="n">Size of the sample, at least 1.</param>
    public MedianOfResample(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var k = (n + 1) / 2;

        // The standard deviation of the median's place is √n / 2.
        var reach = (int)(5 * Math.Sqrt(n)) + 1;
        _from = Math.Max(0, k - 1 - reach);
        _cdf = new double[Math.Min(n, k + reach) - _from];
        for (var i = 0; i < _cdf.Length - 1; i++) _cdf[i] = SpecialFunctions.BetaRegularized(k, n - k + 1, (_from + i + 1.0) / n);
        _cdf[^1] = 1;
        _guide = new int[_cdf.Length];
        for (int i = 0, place = 0; i < _guide.Length; i++)
        {
            while (_cdf[place] <= (double)i / _guide.Length) place++;
            _guide[i] = place;
        }
    }

    /// <summary>Draws a place, from 0.</summary>
    public int Place(Random random)
    {
        var u = random.NextDouble();
        var place = _guide[(int)(u * _guide.Length)];
        while (_cdf[place] <= u) place++;
        return _from + place;
    }
}
