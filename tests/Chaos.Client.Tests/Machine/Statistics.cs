namespace Chaos.Client.Tests.Machine;

internal static class Statistics
{
    /// <summary>Largest distance between the sample's distribution and the uniform one on [0, 1).</summary>
    public static double KolmogorovSmirnov(IEnumerable<double> sample)
    {
        var sorted = sample.Order().ToArray();
        var distance = 0d;
        for (var i = 0; i < sorted.Length; i++)
        {
            var expected = Math.Clamp(sorted[i], 0, 1);
            distance = Math.Max(distance, Math.Max(expected - ((double)i / sorted.Length), ((i + 1d) / sorted.Length) - expected));
        }

        return distance;
    }
}
