using Chaos.Experiments.Alerts.Evaluation;

namespace Chaos.Experiments.Alerts.Expressions;

/// <summary>What series show now or showed a while ago, summed up: <c>sum by (instance) (metric offset 5m)</c>.</summary>
/// <param name="Ago">How long ago; 0 for now.</param>
internal sealed record SumNow(Selector Selector, IReadOnlyList<string> Per, TimeSpan Ago = default) : Expression
{
    /// <inheritdoc />
    public override string Text => $"sum{By(Per)} ({Selector}{(Ago > TimeSpan.Zero ? $" offset {Duration(Ago)}" : "")})";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [Selector];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs) => Sum(series.Of(Selector).Select(s => (s.Labels, s.ValueAt(atMs - (long)Ago.TotalMilliseconds))), Per);

    /// <summary>Sums of the values that there are, by these labels.</summary>
    internal static IReadOnlyList<Sample> Sum(IEnumerable<(LabelSet Labels, double? Value)> values, IReadOnlyCollection<string> per) =>
        [.. values.Where(v => v.Value is not null).GroupBy(v => v.Labels.Only(per)).Select(g => new Sample(g.Key, g.Sum(v => v.Value!.Value)))];
}

/// <summary>How much counters grew, summed up: <c>sum by (instance) (increase(metric[5m]))</c>.</summary>
internal sealed record SumGrowth(Selector Selector, TimeSpan Window, IReadOnlyList<string> Per) : Expression
{
    /// <inheritdoc />
    public override string Text => $"sum{By(Per)} (increase({Selector}[{Duration(Window)}]))";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [Selector];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs) =>
        SumNow.Sum(series.Of(Selector).Select(s => (s.Labels, Increase.Of(s.Within(atMs, Window), atMs, Window))), Per);
}

/// <summary>The least that series showed in a window, summed up: <c>sum by (instance) (min_over_time(metric[5m]))</c>.</summary>
internal sealed record SumLowest(Selector Selector, TimeSpan Window, IReadOnlyList<string> Per) : Expression
{
    /// <inheritdoc />
    public override string Text => $"sum{By(Per)} (min_over_time({Selector}[{Duration(Window)}]))";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [Selector];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs) => SumNow.Sum(series.Of(Selector).Select(s => (s.Labels, Lowest(s.Within(atMs, Window)))), Per);

    private static double? Lowest(ReadOnlySpan<Point> points)
    {
        double? lowest = null;
        foreach (var point in points) lowest = lowest is { } so ? Math.Min(so, point.Value) : point.Value;
        return lowest;
    }
}
