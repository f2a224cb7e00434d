using Chaos.Experiments.Alerts.Evaluation;

namespace Chaos.Experiments.Alerts.Expressions;

/// <summary>Where values must lie, seen from a limit.</summary>
internal enum Side
{
    Above,
    Below,
    AtLeast,
    Equal,
}

/// <summary>Those values that lie where they are asked for, seen from a limit: <c>a &gt; 0.05</c>.</summary>
internal sealed record Compare(Expression Value, Side Side, double Limit) : Expression
{
    /// <inheritdoc />
    public override string Text => $"{Value.Text} {Side switch { Side.Above => ">", Side.Below => "<", Side.AtLeast => ">=", _ => "==" }} {Number(Limit)}";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => Value.Selectors;

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs) => [.. Value.At(series, atMs).Where(s => Side switch
    {
        Side.Above => s.Value > Limit,
        Side.Below => s.Value < Limit,
        Side.AtLeast => s.Value >= Limit,
        _ => s.Value == Limit,
    })];
}

/// <summary><c>a / b</c>, label set by label set. A label set of the divisor alone has no quotient.</summary>
internal sealed record Quotient(Expression Dividend, Expression Divisor) : Expression
{
    /// <inheritdoc />
    public override string Text => $"{Dividend.Text} / {Divisor.Text}";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [.. Dividend.Selectors, .. Divisor.Selectors];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs)
    {
        var by = Divisor.At(series, atMs).ToDictionary(s => s.Labels, s => s.Value);
        return [.. Dividend.At(series, atMs).Where(s => by.ContainsKey(s.Labels)).Select(s => s with { Value = s.Value / by[s.Labels] })];
    }
}

/// <summary>
/// 0 where there is no value though there is one of <paramref name="Like"/>: <c>(a or 0 * b)</c>. A counter appears with its first increment, and
/// one that never came must not silence what is computed with it.
/// </summary>
internal sealed record OrZero(Expression Value, Expression Like) : Expression
{
    /// <inheritdoc />
    public override string Text => $"({Value.Text} or 0 * {Like.Text})";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [.. Value.Selectors, .. Like.Selectors];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs)
    {
        var values = Value.At(series, atMs);
        var there = values.Select(s => s.Labels).ToHashSet();
        return [.. values, .. Like.At(series, atMs).Where(s => !there.Contains(s.Labels)).Select(s => s with { Value = 0 * s.Value })];
    }
}

/// <summary>Those values for whose label set there is one of the other too: <c>a and b</c>.</summary>
internal sealed record Both(Expression Value, Expression Other) : Expression
{
    /// <inheritdoc />
    public override string Text => $"({Value.Text}) and ({Other.Text})";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [.. Value.Selectors, .. Other.Selectors];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs)
    {
        var other = Other.At(series, atMs).Select(s => s.Labels).ToHashSet();
        return [.. Value.At(series, atMs).Where(s => other.Contains(s.Labels))];
    }
}

/// <summary>Those values for whose label set there is none of the other: <c>a unless b</c>.</summary>
internal sealed record Unless(Expression Value, Expression Other) : Expression
{
    /// <inheritdoc />
    public override string Text => $"({Value.Text}) unless ({Other.Text})";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [.. Value.Selectors, .. Other.Selectors];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs)
    {
        var other = Other.At(series, atMs).Select(s => s.Labels).ToHashSet();
        return [.. Value.At(series, atMs).Where(s => !other.Contains(s.Labels))];
    }
}

/// <summary>The values of one, and those of the other whose label sets the first has not: <c>a or b</c>.</summary>
internal sealed record Either(Expression Value, Expression Other) : Expression
{
    /// <inheritdoc />
    public override string Text => $"({Value.Text}) or ({Other.Text})";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [.. Value.Selectors, .. Other.Selectors];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs)
    {
        var values = Value.At(series, atMs);
        var there = values.Select(s => s.Labels).ToHashSet();
        return [.. values, .. Other.At(series, atMs).Where(s => !there.Contains(s.Labels))];
    }
}

/// <summary>1 where nothing is chosen at all: <c>absent(metric)</c>. Its labels are those that the selector fixes.</summary>
internal sealed record Absent(Selector Selector) : Expression
{
    /// <inheritdoc />
    public override string Text => $"absent({Selector})";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [Selector];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs) => series.Of(Selector).Any(s => s.ValueAt(atMs) is not null)
        ? []
        : [new Sample(new LabelSet(Selector.Matchers.Where(m => m.Test == LabelTest.Is).Select(m => KeyValuePair.Create(m.Label, m.Value))), 1)];
}

/// <summary>The same with one more label: <c>label_replace(a, "metric", "name", "", "")</c>.</summary>
internal sealed record Named(Expression Value, string Label, string Name) : Expression
{
    /// <inheritdoc />
    public override string Text => $"label_replace({Value.Text}, {LabelSet.Quoted(Label)}, {LabelSet.Quoted(Name)}, \"\", \"\")";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => Value.Selectors;

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs) => [.. Value.At(series, atMs).Select(s => s with { Labels = s.Labels.With(Label, Name) })];
}
