using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Budgets must exist, bound what the check judges, and be in order.</summary>
internal static class BudgetRules
{
    private static readonly string[][] Rising = [[BudgetKeys.P50, BudgetKeys.P95, BudgetKeys.P99], [BudgetKeys.ReconnectP95, BudgetKeys.ReconnectP99]];

    /// <summary>Rules of a file of budgets.</summary>
    public static void CheckFile(RuleContext context)
    {
        var budgets = context.Root["budgets"].Items.ToList();
        context.ReportDuplicates(budgets.Select(b => b["name"]), "budget");
        foreach (var (budget, keys) in budgets.SelectMany(b => Rising.Select(keys => (b, keys))))
        {
            var given = keys.Where(k => budget[k].Number is not null).ToList();
            foreach (var (lower, higher) in given.Zip(given.Skip(1)))
            {
                if (budget[lower].Number > budget[higher].Number)
                    context.Report(budget[higher], FormattableString.Invariant($"{higher} is below {lower}: {budget[higher].Number} is below {budget[lower].Number}"), "A higher percentile cannot be smaller.");
            }
        }
    }

    /// <summary>Rules of the expectations of an experiment.</summary>
    /// <param name="found">Whether there is a file of budgets.</param>
    /// <param name="budgets">Its content; null when it has errors, which are told apart from this.</param>
    public static void Check(RuleContext context, bool found, Budgets? budgets)
    {
        var root = context.Root;
        foreach (var expectation in root["steady_state"].Items.Concat(root["expectations"].Items).Where(e => e["budget"].Text is { Length: > 0 }))
            Check(context, expectation, found, budgets);
    }

    private static void Check(RuleContext context, Cursor expectation, bool found, Budgets? budgets)
    {
        var (budget, name) = (expectation["budget"], expectation["budget"].Text!);
        if (context.Catalogue.Checks.FirstOrDefault(c => c.Name == expectation["check"].Text) is not { } check) return;
        if (check.Budgets.Count == 0)
        {
            context.Report(budget, $"the check {check.Name} takes no budget", $"Checks that do: {Words.List([.. context.Catalogue.Checks.Where(c => c.Budgets.Count > 0).Select(c => c.Name)])}.");
            return;
        }

        foreach (var option in check.Budgets.Keys.Where(o => expectation[o].Exists))
            context.Report(expectation[option], $"{option} stands beside a budget", $"The budget '{Words.Shown(name)}' sets it; remove one of the two.");
        if (!found) context.Report(budget, $"budget '{Words.Shown(name)}' is missing: there is no file of budgets", $"Write {BudgetFiles.Name} beside or above the experiment, or name one with --budgets FILE.");
        else if (budgets is not null) InFile(context, budget, name, check, budgets);
    }

    private static void InFile(RuleContext context, Cursor budget, string name, ICheck check, Budgets budgets)
    {
        if (!budgets.All.ContainsKey(name))
            context.Report(budget, $"budget '{Words.Shown(name)}' is missing in {budgets.ShownAs}", Words.Suggest(name, [.. budgets.All.Keys], "budgets"));
        else if (!budgets.Options(name, check).Any())
            context.Report(budget, $"budget '{Words.Shown(name)}' in {budgets.ShownAs} bounds nothing that {check.Name} judges", $"Give it one of {Words.List([.. check.Budgets.Values])}.");
    }
}
