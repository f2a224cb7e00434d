using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files;

/// <summary>The budgets of one file.</summary>
/// <param name="ShownAs">The file, as messages show it.</param>
internal sealed record Budgets(string ShownAs, IReadOnlyDictionary<string, BudgetDefinition> All)
{
    /// <summary>The options of a check that a budget sets, with their values.</summary>
    public IEnumerable<(string Option, double Limit)> Options(string budget, ICheck check) =>
        from option in check.Budgets where All[budget].Limits.ContainsKey(option.Value) select (option.Key, All[budget].Limits[option.Value]);
}
