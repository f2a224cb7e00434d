using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>Schemas and rules that several conditions share.</summary>
internal static class ConditionParts
{
    /// <summary>What windows may be.</summary>
    public static readonly DurationRange Windows = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(31));

    public static (string, JsonNode) Metric(string key, string what) => (key, SelectorSchema(
        $"{what}, as Prometheus selects it: a metric's name, with labels in braces. Quote it in single quotes."));

    public static JsonObject SelectorSchema(string description) => new()
    {
        ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 500, ["pattern"] = Selector.Pattern, ["description"] = description,
        ["examples"] = Strings("chaos_connections_active", "chaos_connections_total{outcome=~\"refused_.+\"}"),
    };

    public static (string, JsonNode) Window(string key = "window", string what = "Stretch of time before the evaluation that is looked at.") => (key, Duration(what, Windows));

    public static (string, JsonNode) Per => ("per", List("Labels that values are kept apart by, each an alert of its own, such as instance (the node); all together by default.",
        new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z_][a-z0-9_]*$", ["maxLength"] = 80, ["description"] = "Name of a label." }, max: 8));

    public static (string, JsonNode) Above(string what, double max = 1e9) => ("above", Number($"It holds while {what} is above this.", 0, max));

    public static (string, JsonNode) Below(string what, double max = 1e9) => ("below", Number($"It holds while {what} is below this.", 0, max));

    public static (string, JsonNode) AtLeast(string what) => ("at_least", Number($"Fewest {what} in the window for the condition to hold; 0 by default.", 0, 1e9, 0));

    /// <summary>One of above and below must be given.</summary>
    public static void CheckOneLimit(RuleContext context, Cursor options)
    {
        if (options["above"].Exists != options["below"].Exists) return;
        context.Report(options["condition"], options["above"].Exists ? $"{options["condition"].Text} has above and below" : $"{options["condition"].Text} has no limit", "Give it one of above and below.");
    }

    /// <summary>A well-formed selector whose pattern is no regular expression.</summary>
    public static void CheckSelector(RuleContext context, Cursor selector)
    {
        if (selector.Text is { Length: > 0 } text && System.Text.RegularExpressions.Regex.IsMatch(text, Selector.Pattern) && Selector.TryParse(text) is null)
            context.Report(selector, $"'{Words.Shown(text)}' has a pattern that cannot be read", "Look for a bracket that is never closed, or a * with nothing before it.");
    }

    /// <summary>Metrics of a wrong kind: counters end with _total, _count, _sum or _bucket, gauges with none of these.</summary>
    public static void CheckCounter(RuleContext context, Cursor selector)
    {
        CheckSelector(context, selector);
        if (Name(selector) is { } metric && !IsCounter(metric))
            context.Report(selector, $"{Words.Shown(metric)} is no counter, and a gauge has no growth", "Names of counters end with _total, _count or _bucket; for a gauge take condition: gauge.");
    }

    /// <summary>The same for gauges.</summary>
    public static void CheckGauge(RuleContext context, Cursor selector)
    {
        CheckSelector(context, selector);
        if (Name(selector) is { } metric && IsCounter(metric))
            context.Report(selector, $"{Words.Shown(metric)} is a counter, and its value says nothing by itself", "Take condition: growth, or a gauge.");
    }

    /// <summary>The same for histograms.</summary>
    public static void CheckBuckets(RuleContext context, Cursor selector)
    {
        CheckSelector(context, selector);
        if (Name(selector) is { } metric && !metric.EndsWith("_bucket", StringComparison.Ordinal))
            context.Report(selector, $"{Words.Shown(metric)} is no histogram", "Its classes are in the metric whose name ends with _bucket.");
    }

    private static bool IsCounter(string metric) => new[] { "_total", "_count", "_sum", "_bucket" }.Any(end => metric.EndsWith(end, StringComparison.Ordinal));

    private static string? Name(Cursor selector) => selector.Text is { Length: > 0 } text ? Selector.TryParse(text)?.Metric : null;
}
