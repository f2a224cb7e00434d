using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>Nobody reports a metric: what is computed from it is silent, which is not the same as healthy.</summary>
internal sealed class AbsentCondition : ICondition
{
    public string Name => "absent";

    public string Summary => "No node reports one of these metrics.";

    public IReadOnlyList<string> Required => ["of"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options =>
        [("of", List("The metrics. Choose such as are there from the start: a counter appears with its first increment.", SelectorSchema("A metric."), min: 1, max: 50))];

    public void Check(RuleContext context, Cursor options)
    {
        foreach (var selector in options["of"].Items) CheckSelector(context, selector);
        context.ReportDuplicates(options["of"].Items, "metric");
    }

    // The label tells which metric, as absent() itself has none.
    public Expression Build(ConditionOptions options) =>
        options.Selectors("of").Select(s => (Expression)new Named(new Absent(s), "metric", s.Metric)).Aggregate((all, next) => new Either(all, next));
}
