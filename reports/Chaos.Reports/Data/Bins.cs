namespace Chaos.Reports.Data;

/// <summary>Equal bins of time over an experiment; as fine as 250 ms, and as coarse as it takes to stay under 180 bins.</summary>
internal sealed record Bins(double WidthSeconds, int Count)
{
    private const int Most = 180;
    private static readonly double[] Widths = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600];

    public static Bins Over(double seconds)
    {
        var length = Math.Max(seconds, Widths[0]);
        var width = Widths.FirstOrDefault(w => length / w <= Most, Math.Max(Widths[^1], length / Most));
        return new Bins(width, Math.Max(1, (int)Math.Ceiling(length / width)));
    }

    /// <summary>Bin of a moment, or -1 outside. The very end belongs to the last bin.</summary>
    public int IndexOf(double second)
    {
        var index = (int)Math.Floor(second / WidthSeconds);
        if (index == Count && second <= Count * WidthSeconds) index--;
        return second >= 0 && index < Count ? index : -1;
    }

    public double Middle(int index) => (index + 0.5) * WidthSeconds;

    public double Start(int index) => index * WidthSeconds;
}
