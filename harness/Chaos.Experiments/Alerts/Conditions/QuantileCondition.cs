using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>A quantile of a histogram of seconds.</summary>
internal sealed class QuantileCondition : ICondition
{
    public string Name => "quantile";

    public string Summary => "A quantile of the times that a histogram counted in a window is above a limit.";

    public IReadOnlyList<string> Required => ["of", "quantile", "window", "above_ms"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options =>
    [
        Metric("of", "The histogram's classes; the name ends with _bucket"),
        ("quantile", Number("The quantile, above 0 and below 1, such as 0.99.", 0.000001, 0.999999)),
        Window(),
        ("above_ms", Number("It holds while the quantile is above this, in milliseconds. Choose a bound of the histogram's classes, or it is a guess between two.", 0, 3_600_000)),
        Window("still", "Shorter window at the end whose quantile must be above too: what is over, such as a slow start, no longer counts then. None by default."),
        AtLeast("values counted"), Per,
    ];

    public void Check(RuleContext context, Cursor options)
    {
        CheckBuckets(context, options["of"]);
        if (options["window"].Duration is { } whole && options["still"].Duration is { } part && part >= whole)
            context.Report(options["still"], $"still is not shorter than window: {Durations.Format(part)} against {Durations.Format(whole)}", "A fifth of the window is usual.");
    }

    public Expression Build(ConditionOptions options)
    {
        var (buckets, window) = (options.Selector("of"), options.Duration("window"));
        Expression slow = options.Has("still") ? new Both(Slow(window), Slow(options.Duration("still"))) : Slow(window);
        var count = new SumGrowth(buckets.Of(buckets.Metric[..^"_bucket".Length] + "_count"), window, options.Per);
        return options.Enough(slow, count);

        Compare Slow(TimeSpan within) =>
            new(new HistogramQuantile(options.Number("quantile")!.Value, buckets, within, options.Per), Side.Above, options.Number("above_ms")!.Value / 1000);
    }
}
