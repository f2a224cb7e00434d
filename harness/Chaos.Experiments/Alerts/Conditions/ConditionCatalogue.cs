using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>Every kind of condition that an alert may have.</summary>
internal static class ConditionCatalogue
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ICondition> All { get; } =
    [
        new AbsentCondition(),
        new BurnRateCondition(),
        new DropCondition(),
        new GaugeCondition(),
        new GrowthCondition(),
        new PerSessionCondition(),
        new QuantileCondition(),
        new RatioCondition(),
        new SilentCondition(),
        new UnreachableCondition(),
    ];

    /// <summary>The condition of a name, or null.</summary>
    public static ICondition? Find(string? name) => All.FirstOrDefault(c => c.Name == name);

    /// <summary>The expression of an alert.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="job">The job of the gateway nodes.</param>
    /// <param name="compress">What every duration is divided by.</param>
    public static Expression Expression(AlertDefinition alert, string job, double compress = 1) =>
        (Find(alert.Condition) ?? throw new InvalidOperationException($"There is no condition named {alert.Condition}.")).Build(new ConditionOptions(new Cursor(alert.Options, ""), job, compress));
}
