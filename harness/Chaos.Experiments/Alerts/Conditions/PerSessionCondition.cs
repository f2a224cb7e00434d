using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>How often something happened in a window for each session that there is now.</summary>
internal sealed class PerSessionCondition : ICondition
{
    public string Name => "per_session";

    public string Summary => "A counter grew, for each session that there is now, by more than a number in a window.";

    public IReadOnlyList<string> Required => ["of", "sessions", "window", "above"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options =>
        [Metric("of", "The counter of what happened, such as reconnects"), Metric("sessions", "The gauge of sessions"), Window(), Above("growth for each session"), AtLeast("of what happened"), Per];

    public void Check(RuleContext context, Cursor options)
    {
        CheckCounter(context, options["of"]);
        CheckGauge(context, options["sessions"]);
    }

    public Expression Build(ConditionOptions options)
    {
        var growth = new SumGrowth(options.Selector("of"), options.Duration("window"), options.Per);
        // Without any session what happened is divided by 0, which is above every limit: all of them are gone.
        var often = options.Limited(new Quotient(growth, new SumNow(options.Selector("sessions"), options.Per)));
        return options.Enough(often, growth);
    }
}
