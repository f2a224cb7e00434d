using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>The options of a condition as it reads them. Required ones are there: the schema has seen to it.</summary>
/// <param name="Options">The options.</param>
/// <param name="Job">The job of the gateway nodes.</param>
/// <param name="Compress">What every duration is divided by; 1 leaves them as they are.</param>
internal sealed record ConditionOptions(Cursor Options, string Job, double Compress)
{
    /// <summary>A selector.</summary>
    public Selector Selector(string key) => Read(Options[key]);

    /// <summary>One selector or several.</summary>
    public IEnumerable<Selector> Selectors(string key) => Options[key].Items.Select(Read);

    /// <summary>A duration.</summary>
    public TimeSpan Duration(string key) => Compressed(Options[key].Duration!.Value, Compress);

    /// <summary>Whether an option is given.</summary>
    public bool Has(string key) => Options[key].Exists;

    /// <summary>A number, or null.</summary>
    public double? Number(string key) => Options[key].Number;

    /// <summary>Labels that values are kept apart by; none by default.</summary>
    public IReadOnlyList<string> Per => [.. Options["per"].Items.Select(i => i.Text!)];

    /// <summary>Values beyond the limit that <c>above</c> or <c>below</c> sets.</summary>
    public Compare Limited(Expression value) => Number("above") is { } above ? new Compare(value, Side.Above, above) : new Compare(value, Side.Below, Number("below")!.Value);

    /// <summary>The condition, only where at least so many were counted as the option at_least says.</summary>
    public Expression Enough(Expression condition, Expression count) =>
        Number("at_least") is > 0 and var least ? new Both(condition, new Compare(count, Side.AtLeast, least)) : condition;

    /// <summary>A duration divided by a factor, to the millisecond.</summary>
    public static TimeSpan Compressed(TimeSpan value, double by) => TimeSpan.FromMilliseconds(Math.Round(value.TotalMilliseconds / by));

    private static Selector Read(Cursor selector) => Expressions.Selector.TryParse(selector.Text!) ?? throw new InvalidOperationException($"'{selector.Text}' is no selector.");
}
