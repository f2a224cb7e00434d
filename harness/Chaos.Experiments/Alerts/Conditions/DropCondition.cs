using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>A gauge shows less than a share of what it showed a while ago.</summary>
internal sealed class DropCondition : ICondition
{
    public string Name => "drop";

    public string Summary => "A gauge, summed up, shows less than a share of what it showed a window before.";

    public IReadOnlyList<string> Required => ["of", "window", "below"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options =>
        [Metric("of", "The gauge"), Window(what: "How long ago it is compared with."), Below("now, as a share of then,", 1), ("at_least", Number("Least sum then for the condition to hold; 0 by default.", 0, 1e9, 0)), Per];

    public void Check(RuleContext context, Cursor options) => CheckGauge(context, options["of"]);

    public Expression Build(ConditionOptions options)
    {
        Expression now = new SumNow(options.Selector("of"), options.Per), then = new SumNow(options.Selector("of"), options.Per, options.Duration("window"));
        // All of them gone is a fall to 0. One node that is gone has not lost its connections: it may have been drained, and unreachable tells of others.
        var fell = options.Limited(new Quotient(options.Per.Count == 0 ? new OrZero(now, then) : now, then));
        return options.Enough(fell, then);
    }
}
