using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files;
using Chaos.Experiments.Files.Rules;
using static Chaos.Experiments.Alerts.Conditions.ConditionParts;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>
/// A budget of what may go wrong is spent so many times as fast as it may be, in a long window and still in a short one (Google, The Site
/// Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts").
/// </summary>
internal sealed class BurnRateCondition : ICondition
{
    public string Name => "burn_rate";

    public string Summary => "The share of what went wrong is more than a factor times what the objective allows, in a long window and in a short one.";

    public IReadOnlyList<string> Required => ["good", "all", "objective", "factor", "long", "short"];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options =>
    [
        Metric("good", "The counter of what went well. For a latency, the histogram's class of what is fast enough: metric_bucket{le=\"0.25\"}"),
        Metric("all", "The counter of all. For a latency, metric_count"),
        ("objective", Number("Share of all that is promised to go well, 0.5 to 0.999999.", 0.5, 0.999999)),
        ("factor", Number("How many times as fast as allowed the budget must be spent, 1 to 1,000. 14.4 spends 2 % of a month's in an hour.", 1, 1000)),
        Window("long", "Window that shows that it matters."), Window("short", "Window that shows that it still goes on; a twelfth of the long one is usual."),
        AtLeast("of all, in the short window"), Per,
    ];

    public void Check(RuleContext context, Cursor options)
    {
        CheckCounter(context, options["good"]);
        CheckCounter(context, options["all"]);
        if (options["long"].Duration is { } whole && options["short"].Duration is { } part && part >= whole)
            context.Report(options["short"], $"short is not shorter than long: {Durations.Format(part)} against {Durations.Format(whole)}", "A twelfth of the long window is usual.");
        if (options["objective"].Number is { } objective and >= 0.5 and < 1 && options["factor"].Number is { } factor and >= 1 && factor * (1 - objective) > 1 - 1e-9)
            context.Report(options["factor"], FormattableString.Invariant($"factor {factor} can never be reached: the objective allows {1 - objective:0.######} to go wrong, and more than all cannot"), FormattableString.Invariant($"It may be at most {Math.Floor(1 / (1 - objective) * 10) / 10:0.#}, and less is wise."));
    }

    public Expression Build(ConditionOptions options)
    {
        // A share of what went well below the limit, rather than one of what went wrong above it: good ones that never came count as none.
        var limit = 1 - (options.Number("factor")!.Value * (1 - options.Number("objective")!.Value));
        var both = new Both(Burns(options.Duration("long")), Burns(options.Duration("short")));
        var all = new SumGrowth(options.Selector("all"), options.Duration("short"), options.Per);
        return options.Enough(both, all);

        Compare Burns(TimeSpan window)
        {
            var of = new SumGrowth(options.Selector("all"), window, options.Per);
            return new Compare(new Quotient(new OrZero(new SumGrowth(options.Selector("good"), window, options.Per), of), of), Side.Below, Math.Round(limit, 9));
        }
    }
}
