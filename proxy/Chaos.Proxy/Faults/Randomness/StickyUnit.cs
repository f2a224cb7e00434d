namespace Chaos.Proxy.Faults;

/// <summary>
/// A sequence of uniform numbers in which each one repeats its predecessor with a given probability. The marginal
/// distribution stays exactly uniform and the correlation of neighbours is exactly that probability, which netem's
/// <c>value*(1-corr)+last*corr</c> gives neither of. An element needs no state: one walks back to the last fresh draw.
/// </summary>
internal static class StickyUnit
{
    /// <summary>The number of an item, for a correlation in [0, 1).</summary>
    public static double At(StreamKey key, long item, double correlation)
    {
        while (true)
        {
            var stream = key.At(item);
            var value = stream.NextUnit();
            if (correlation <= 0 || item == 0 || stream.NextUnit() >= correlation) return value;
            item--;
        }
    }
}
