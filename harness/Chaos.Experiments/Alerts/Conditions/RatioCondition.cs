using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>Growth of one counter as a share of the growth of another.</summary>
internal sealed class RatioCondition : ICondition
{
    public string Name => "ratio";

    public string Summary => "Growth of one counter, as a share of another's in the same window, is on the wrong side of a limit.";

    public IReadOnlyList<string> Required => ["of", "to", "window"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options =>
        [Metric("of", "The counter whose share is taken; one that never appeared counts as 0"), Metric("to", "The counter of all"), Window(), Above("the share", 1000), Below("the share", 1000), AtLeast("of all"), Per];

    public void Check(RuleContext context, Cursor options)
    {
        CheckCounter(context, options["of"]);
        CheckCounter(context, options["to"]);
        CheckOneLimit(context, options);
    }

    public Expression Build(ConditionOptions options)
    {
        var all = new SumGrowth(options.Selector("to"), options.Duration("window"), options.Per);
        var part = new SumGrowth(options.Selector("of"), options.Duration("window"), options.Per);
        var share = options.Limited(new Quotient(new OrZero(part, all), all));
        return options.Enough(share, all);
    }
}
