namespace Chaos.Experiments.Statistics;

/// <summary>An interval of confidence. An end may be infinite when the sample is too small to bound it.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether the whole of it lies outside the stretch from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public bool LiesOutside(double from, double to) => High < from || Low > to;
}
