using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Alerts.Conditions;

/// <summary>A node does not answer when its metrics are read, or no node is read at all.</summary>
internal sealed class UnreachableCondition : ICondition
{
    public string Name => "unreachable";

    public string Summary => "A gateway node does not answer when its metrics are read, or there is none to read.";

    public IReadOnlyList<string> Required => [];

    public IReadOnlyList<(string Key, JsonNode Schema)> Options => [];

    public void Check(RuleContext context, Cursor options)
    {
        // No options, nothing to check.
    }

    public Expression Build(ConditionOptions options)
    {
        var up = new Selector("up", [new LabelMatcher("job", LabelTest.Is, options.Job)]);
        return new Either(new Compare(new SumNow(up, ["instance"]), Side.Equal, 0), new Absent(up));
    }
}
