using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>Something should be counted, and is not.</summary>
internal sealed class SilentCondition : ICondition
{
    public string Name => "silent";

    public string Summary => "A counter did not grow in a window though a gauge has been above 0: what is measured there is blind.";

    public IReadOnlyList<string> Required => ["of", "while", "window"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options => [Metric("of", "The counter that should grow"), Metric("while", "The gauge that must have been above 0 for all of the window"), Window(), Per];

    public void Check(RuleContext context, Cursor options)
    {
        CheckCounter(context, options["of"]);
        CheckGauge(context, options["while"]);
    }

    public Expression Build(ConditionOptions options)
    {
        var (gauge, window, per) = (options.Selector("while"), options.Duration("window"), options.Per);
        // The least of a window says nothing of its start where readings began within it; what was shown a window ago does.
        var allAlong = new Both(new Compare(new SumNow(gauge, per, window), Side.Above, 0), new Compare(new SumLowest(gauge, window, per), Side.Above, 0));
        return new Unless(allAlong, new Compare(new SumGrowth(options.Selector("of"), window, per), Side.Above, 0));
    }
}
