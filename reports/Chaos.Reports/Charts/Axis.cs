using Chaos.Reports.Text;

namespace Chaos.Reports.Charts;

/// <summary>
/// A vertical axis: its range in its own coordinates and its ticks. Ticks are worked out here, not by the plotting library, whose choice
/// depends on the fonts of the machine.
/// </summary>
internal sealed record Axis(double Min, double Max, bool Logarithmic, IReadOnlyList<(double At, string Label)> Ticks)
{
    /// <summary>Coordinate of a value.</summary>
    public double Of(double value) => Logarithmic ? Math.Log10(Math.Max(value, Math.Pow(10, Min))) : value;

    /// <summary>From zero to a little above <paramref name="top"/>, in steps of 1, 2 or 5.</summary>
    public static Axis Linear(double top, int about = 4)
    {
        if (!(top > 0) || double.IsInfinity(top)) top = 1;
        var ticks = Steps(0, top, about).ToList();
        return new Axis(0, Math.Max(top, ticks[^1]) * 1.06, false, [.. ticks.Select(t => (t, Words.Number(t)))]);
    }

    /// <summary>Powers of ten around the values; 2 and 5 between them when it spans two decades or less.</summary>
    public static Axis Log(double least, double most)
    {
        var low = Math.Floor(Math.Log10(Math.Max(least, 1e-3)));
        var high = Math.Log10(Math.Max(most, 1e-3)) + 0.1;
        if (high - low < 1) high = low + 1;
        int[] parts = high - low <= 2 ? [1, 2, 5] : [1];
        var ticks = new List<(double, string)>();
        for (var decade = (int)low; decade <= high; decade++)
        {
            foreach (var part in parts)
            {
                var value = part * Math.Pow(10, decade);
                if (Math.Log10(value) <= high) ticks.Add((Math.Log10(value), Words.Number(value)));
            }
        }

        return new Axis(low, high, true, ticks);
    }

    /// <summary>
    /// Around the values, without zero unless it is among them: for seeing how something moves. Logarithmic where the largest is more than
    /// four times the smallest.
    /// </summary>
    public static Axis Around(double least, double most)
    {
        if (least > 0 && most > 4 * least)
        {
            var (low, high) = (Math.Log10(least) - 0.08, Math.Log10(most) + 0.08);
            int[] parts = high - low <= 2 ? [1, 2, 5] : [1];
            var ticks = from decade in Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high - low) + 1)
                        from part in parts
                        let value = part * Math.Pow(10, decade)
                        where Math.Log10(value) >= low && Math.Log10(value) <= high
                        select (Math.Log10(value), Words.Number(value));
            return new Axis(low, high, true, [.. ticks]);
        }

        var room = most > least ? 0.08 * (most - least) : Math.Max(Math.Abs(most) * 0.1, 0.5);
        return new Axis(least - room, most + room, false, [.. Steps(least - room, most + room, 4).Select(t => (t, Words.Number(t)))]);
    }

    /// <summary>Round values between two, about as many as asked for.</summary>
    public static IEnumerable<double> Steps(double from, double to, int about)
    {
        var rough = (to - from) / Math.Max(1, about);
        if (!(rough > 0)) return [from];
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 5, 10 }.Select(m => m * power).First(s => s >= rough * 0.999);
        var first = Math.Ceiling(from / step);
        return Enumerable.Range(0, (int)Math.Floor((to / step) - first + 1e-9) + 1).Select(i => (first + i) * step);
    }
}
