using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>A gauge, summed up, against a limit.</summary>
internal sealed class GaugeCondition : ICondition
{
    public string Name => "gauge";

    public string Summary => "What a gauge shows now, summed up, is on the wrong side of a limit.";

    public IReadOnlyList<string> Required => ["of"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options => [Metric("of", "The gauge"), Above("the sum"), Below("the sum"), Per];

    public void Check(RuleContext context, Cursor options)
    {
        CheckGauge(context, options["of"]);
        CheckOneLimit(context, options);
    }

    public Expression Build(ConditionOptions options) => options.Limited(new SumNow(options.Selector("of"), options.Per));
}
