using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The schema of experiment files, made from what the catalogue knows.</summary>
internal static class ExperimentSchema
{
    public static JsonObject Build(Catalogue catalogue)
    {
        var schema = Object("One experiment: a world, a fleet, a timeline of faults, and what must hold.",
            ["id", "title", "checklist", "world", "fleet", "timeline", "expectations"],
            ("id", Name("Unique name, lower case with dashes, such as backoff-jitter.")),
            ("title", Text("What it shows, as a sentence.")),
            ("checklist", Lines("The line of the production checklist that it is for, or a list of them with the main one first.")),
            ("tags", List("Free words to choose experiments by. wire: needs no cooperation of the gateway; quick: under half a minute.", Name("A word."), max: 20)),
            ("machine", Enum("machine", "shared: may run beside other such experiments, being light and judging nothing that is a matter of tens of milliseconds; pair: runs with one other that begins with it, and nothing starts beside the two; alone by default.", ["alone", "pair", "shared"])),
            ("world", Text("Name of a world, such as one-region for worlds/one-region.yaml, or the path of its file.")),
            ("gateway", Ref("gateway", "Settings of the gateway that differ from its defaults.")),
            ("fleet", FleetSchema.Fleet(catalogue)),
            ("scripts", List("Protocol exchanges on connections of their own; they run beside the fleet in the faults phase.", Ref("script"), max: 100)),
            ("steady_state", List("What must hold before the first fault and again after the last. Judged in baseline and in recovery.", Ref("expectation"), max: 50)),
            ("timeline", TimelineSchema.Timeline()),
            ("stop_when", List("Conditions that end the run early and undo everything.", Ref("stop_condition"), max: 20)),
            ("expectations", List("What is judged. At least one.", Ref("expectation"), min: 1, max: 100)),
            ("mutants", List("Broken parts that this experiment must catch, each with the expectation that must be the one to break.", Ref("mutant"), max: 100)));

        var defs = new JsonObject(DurationDefs)
        {
            ["gateway"] = Embed(catalogue.GatewaySettings, "#/$defs/gateway"),
            ["script"] = ScriptSchema.Script(),
            ["script_token"] = ScriptSchema.Token(),
            ["script_step"] = ScriptSchema.Step(),
            ["script_bytes"] = ScriptSchema.Bytes(),
            ["fault"] = TimelineSchema.Fault(catalogue),
            ["stop_condition"] = TimelineSchema.StopCondition(),
            ["expectation"] = Expectation(catalogue),
            ["mutant"] = Object("A mutant that must be caught.", ["name", "killed_by"],
                ("name", Enum("mutant", Described("Name of the mutant.", catalogue.Mutants.Select(m => (m.Name, m.Summary))), catalogue.Mutants.Select(m => m.Name))),
                ("killed_by", Name("Id of the expectation that must break."))),
        };
        foreach (var check in catalogue.Checks) defs["check." + check.Name] = CheckOptions(check);
        foreach (var fault in catalogue.Faults) defs["fault." + fault.Type] = Embed(fault.Attributes, "#/$defs/fault." + fault.Type);

        return Document("Chaos experiment", schema, defs);
    }

    /// <summary>"Text. name: summary; …", so that an editor shows what each choice means.</summary>
    public static string Described(string text, IEnumerable<(string Name, string Summary)> choices) =>
        text + string.Concat(choices.Select(c => $"\n{c.Name}: {c.Summary}"));

    // Keys are checked in the branch of the check that is named: each has options of its own beside id, check, during and budget.
    private static JsonObject Expectation(Catalogue catalogue) => new()
    {
        ["type"] = "object",
        ["description"] = "A check with its options.",
        ["required"] = Strings("id", "check"),
        ["properties"] = new JsonObject
        {
            ["id"] = Name("Unique in the experiment, such as jitter."),
            ["check"] = Enum("check", Described("What is checked.", catalogue.Checks.Select(c => (c.Name, c.Summary))), catalogue.Checks.Select(c => c.Name)),
            ["during"] = During(),
            ["budget"] = Name("The entry of the file of budgets that sets the bounds of this check; for latency, reconnect_time and loss."),
        },
        ["allOf"] = new JsonArray([.. catalogue.Checks.Select(c => (JsonNode)When("check", c.Name, Ref("check." + c.Name)))]),
    };

    // One schema for both forms, not a choice of two: what is wrong can then be told in one sentence.
    private static JsonObject Lines(string description) => new()
    {
        ["type"] = Strings("string", "array"), ["minLength"] = 1, ["maxLength"] = 500, ["minItems"] = 1, ["maxItems"] = 20, ["items"] = Text("A line of the checklist."), ["description"] = description,
    };

    private static JsonObject During()
    {
        var schema = Text("The time that is judged: baseline, faults, recovery, run (all of these), or the name of a fault. Run by default; of no effect in steady_state.", "run");
        schema["examples"] = Strings("baseline", "faults", "recovery", "run");
        return schema;
    }

    private static JsonObject CheckOptions(Checks.ICheck check)
    {
        var schema = Embed(check.OptionsSchema, "#/$defs/check." + check.Name);
        schema["type"] = "object";
        schema["description"] = check.Summary;
        var properties = schema["properties"] as JsonObject ?? [];
        schema["properties"] = new JsonObject(
            new[] { "id", "check", "during", "budget" }.Select(k => KeyValuePair.Create(k, (JsonNode?)JsonValue.Create(true)))
                .Concat(properties.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));
        schema["additionalProperties"] = false;
        return schema;
    }
}
