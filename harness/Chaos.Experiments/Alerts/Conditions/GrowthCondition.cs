using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>A counter grew by more than so many.</summary>
internal sealed class GrowthCondition : ICondition
{
    public string Name => "growth";

    public string Summary => "A counter grew by more than a number in a window.";

    public IReadOnlyList<string> Required => ["of", "window", "above"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options => [Metric("of", "The counter"), Window(), Above("its growth"), Per];

    public void Check(RuleContext context, Cursor options) => CheckCounter(context, options["of"]);

    public Expression Build(ConditionOptions options) => options.Limited(new SumGrowth(options.Selector("of"), options.Duration("window"), options.Per));
}
