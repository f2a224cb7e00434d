using System.Globalization;
using Chaos.Experiments.Alerts.Evaluation;

namespace Chaos.Experiments.Alerts.Expressions;

/// <summary>One value of the result of an expression.</summary>
internal readonly record struct Sample(LabelSet Labels, double Value);

/// <summary>
/// A part of PromQL that can do both: say itself in PromQL, and be evaluated over recorded series as Prometheus 2 evaluates it.
/// Conditions are built of these, so their text and their evaluation cannot differ.
/// </summary>
internal abstract record Expression
{
    /// <summary>As PromQL.</summary>
    public abstract string Text { get; }

    /// <summary>Its value at a moment. Labels are unique.</summary>
    /// <param name="series">What was recorded.</param>
    /// <param name="atMs">The moment, in milliseconds.</param>
    public abstract IReadOnlyList<Sample> At(SeriesStore series, long atMs);

    /// <summary>The selectors it reads.</summary>
    public abstract IEnumerable<Selector> Selectors { get; }

    /// <summary>A number as PromQL.</summary>
    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A duration as PromQL, exact to the millisecond.</summary>
    public static string Duration(TimeSpan value)
    {
        var ms = (long)value.TotalMilliseconds;
        return ms switch
        {
            0 => "0s",
            _ when ms % 3_600_000 == 0 => $"{ms / 3_600_000}h",
            _ when ms % 60_000 == 0 => $"{ms / 60_000}m",
            _ when ms % 1000 == 0 => $"{ms / 1000}s",
            _ => $"{ms}ms",
        };
    }

    /// <summary><c>by (a, b)</c>, or nothing.</summary>
    protected static string By(IReadOnlyList<string> labels) => labels.Count == 0 ? "" : $" by ({string.Join(", ", labels)})";

    // Sealed in the records below: a record's own text would be made of its members.
    public sealed override string ToString() => Text;
}
