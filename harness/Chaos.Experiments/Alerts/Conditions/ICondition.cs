using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>A kind of condition. It says what it needs, and puts it together as an expression, which is both PromQL and evaluated here.</summary>
internal interface ICondition
{
    /// <summary>Name as in <c>condition:</c>.</summary>
    string Name { get; }

    /// <summary>When it holds, in a sentence.</summary>
    string Summary { get; }

    /// <summary>Its options that must be given.</summary>
    IReadOnlyList<string> Required { get; }

    /// <summary>Its options with their schemas.</summary>
    IReadOnlyList<(string Key, JsonNode Schema)> Options { get; }

    /// <summary>What the schema cannot say.</summary>
    /// <param name="context">Where to report it.</param>
    /// <param name="options">The alert.</param>
    void Check(RuleContext context, Cursor options);

    /// <summary>The expression of checked options.</summary>
    Expression Build(ConditionOptions options);
}
