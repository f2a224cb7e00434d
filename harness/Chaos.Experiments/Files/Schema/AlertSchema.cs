using System.Text.Json.Nodes;
using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Definitions;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The schema of files of alerts.</summary>
internal static class AlertSchema
{
    /// <summary>The job of the gateway nodes where the file names none.</summary>
    public const string DefaultJob = "chaos-gateway";

    private static readonly (string Key, JsonNode Schema)[] Common =
    [
        ("name", Name("Unique name, such as connection-success.")),
        ("title", Text("What is wrong when it fires, as a sentence.")),
        ("condition", Enum("condition", ExperimentSchema.Described("When it holds.", ConditionCatalogue.All.Select(c => (c.Name, c.Summary))), ConditionCatalogue.All.Select(c => c.Name))),
        ("for", Duration("Hold time: how long the condition must hold before the alert fires.", Limits.AlertFor)),
        ("keep_firing_for", Duration("How long it goes on firing after the condition no longer holds, so that one trouble is one alert.", Limits.AlertFor, "0s")),
        ("within", Duration("The promise: it fires at most this long after its cause begins.", Limits.AlertWithin)),
        ("severity", Enum("severity", "page: wakes whoever is on call; ticket: waits for working hours.", Severities.All)),
        ("team", Name("The team that it is for, as in the file of who is on call.")),
        ("runbook", Text("What to do: a path from this file, or an https address.")),
    ];

    public static JsonObject Build()
    {
        var schema = Object("Alerts on the gateway's metrics, each with an owner and something to do.", ["alerts"],
            ("job", Name($"The job under which Prometheus scrapes the gateway nodes; {DefaultJob} by default.")),
            ("interval", Duration("Time between two evaluations.", Limits.AlertInterval, "15s")),
            ("alerts", List("The alerts. At least one.", Ref("alert"), min: 1, max: 500)));
        var defs = new JsonObject(DurationDefs)
        {
            ["alert"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "A condition with its hold time, owner and runbook.",
                ["required"] = Strings("name", "title", "condition", "for", "within", "severity", "team", "runbook"),
                ["properties"] = new JsonObject(Common.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Schema.DeepClone()))),
                ["allOf"] = new JsonArray([.. ConditionCatalogue.All.Select(c => (JsonNode)When("condition", c.Name, Ref("condition." + c.Name)))]),
            },
        };
        foreach (var condition in ConditionCatalogue.All) defs["condition." + condition.Name] = Options(condition);
        return Document("Chaos alerts", schema, defs);
    }

    /// <summary>Keys of an alert that are not its condition's.</summary>
    public static bool IsCommon(string key) => Common.Any(c => c.Key == key);

    // Keys are checked in the branch of the condition that is named: each has options of its own beside what all have.
    private static JsonObject Options(ICondition condition)
    {
        var schema = Object(condition.Summary, [.. condition.Required], [.. Common.Select(c => (c.Key, (JsonNode)JsonValue.Create(true))), .. condition.Options]);
        schema["additionalProperties"] = false;
        return schema;
    }
}
