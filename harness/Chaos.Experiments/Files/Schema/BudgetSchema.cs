using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The schema of files of budgets.</summary>
internal static class BudgetSchema
{
    public static JsonObject Build()
    {
        var schema = Object("What users are promised, in each mode of operation. Expectations name an entry under budget.", ["budgets"],
            ("budgets", List("One entry for each mode: normal and moderate load, and each way of being degraded.", Ref("budget"), min: 1, max: 200)));
        return Document("Chaos budgets", schema, new JsonObject
        {
            ["budget"] = Object("The promise in one mode.", ["name", "title"],
                ("name", Name("Unique name, such as normal or redis-slow.")),
                ("title", Text("When it applies, as a sentence.")),
                (BudgetKeys.P50, Milliseconds("Median of publish to delivered")),
                (BudgetKeys.P95, Milliseconds("95th percentile of publish to delivered")),
                (BudgetKeys.P99, Milliseconds("99th percentile of publish to delivered")),
                (BudgetKeys.ReconnectP95, Milliseconds("95th percentile of the time from a cut to messages again")),
                (BudgetKeys.ReconnectP99, Milliseconds("99th percentile of the time from a cut to messages again")),
                (BudgetKeys.Lost, Whole("Deliveries of acknowledged messages that may be missing.", 0, 1_000_000_000))),
        });
    }

    private static JsonObject Milliseconds(string what) => Number($"{what}, at most, in milliseconds, above 0 to 3,600,000.", 0.001, 3_600_000);
}
