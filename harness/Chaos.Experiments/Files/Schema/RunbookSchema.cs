using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Checks.Monitoring;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The schema of runbooks.</summary>
internal static class RunbookSchema
{
    /// <summary>What each kind of action needs beside <c>do</c>.</summary>
    private static readonly (string Do, string Summary, string[] Required, (string Key, JsonNode Schema)[] Options)[] Actions =
    [
        ("reroute", "traffic of a link takes its spare way, on which the trouble is not", ["link"],
            [("link", Text("The link, such as eu.redis."))]),
        ("steer_home", "what regional steering was changed to is taken back: new connections of a region's clients go to that region again", ["region"],
            [("region", Text("The region whose clients they are, such as eu."))]),
        ("limit", "a channel is limited through the gateway's admin API", ["channel", "per_second", "for"],
        [
            ("channel", Text("The channel; hottest for the one with most deliveries in the last five seconds.")),
            ("per_second", Whole("Publishes a second that are let through, 1 to 1,000,000.", 1, 1_000_000)),
            ("for", Duration("How long; it ends by itself.", Limits.RunbookLimit)),
        ]),
        ("rollback", "a node gets the release before, and is drained for it", ["node"],
            [("node", Text("The node, such as eu.gateway-1."))]),
    ];

    public static JsonObject Build(Catalogue catalogue)
    {
        var schema = Object("What to do in an incident, step by step, with a world to rehearse it in.", ["id", "title", "world", "fleet", "stable", "gives_up_after", "causes", "steps"],
            ("id", Name("Unique name, lower case with dashes, such as live-sockets.")),
            ("title", Text("When it is taken to hand, as a sentence.")),
            ("world", Text("Name of the world it is rehearsed in, such as one-region for worlds/one-region.yaml, or the path of its file.")),
            ("gateway", Ref("gateway", "Settings of the gateway that differ from its defaults.")),
            ("fleet", FleetSchema.Fleet(catalogue)),
            ("standing", List("What is so all the time, before the incident and after it, and no action takes away: narrow links, distance.", Ref("fault"), max: 20)),
            ("baseline", Duration("Time without any fault.", Limits.Phase, "3s")),
            ("begins_within", Duration("The cause begins so long after the baseline at most; when, the seed decides.", Limits.Phase, "0s")),
            ("gives_up_after", Duration("A rehearsal that is not over after this is broken off.", Limits.Phase)),
            ("patience", Duration("How long an action may take to show; then whoever follows the runbook undoes it and goes on.", Limits.Phase, "20s")),
            ("stable", Object("When the system counts as stable: all of this is met for so long.", ["budget"],
                ("budget", Name("The entry of the file of budgets that bounds publish to delivered.")),
                ("for", Duration("How long.", Limits.Phase, "60s")),
                ("error_share", Number("Share of publishes that may be refused, 0 to 1; 0.05 by default.", 0, 1, 0.05)),
                ("connected_share", Number("Least share of clients that are connected, 0 to 1; 0.95 by default.", 0, 1, 0.95)))),
            ("demands", Object("What automatic rehearsals must show.", [],
                ("named", Number("Share of them in which the cause is named, 0 to 1; 0.95 by default.", 0, 1, 0.95)),
                ("of_time", Number("Most that the median time to stability may be of that without the runbook; 0.5 by default.", 0, 10, 0.5)))),
            ("causes", List("What may be wrong. At least one; each must be found by a step.", Ref("cause"), min: 1, max: 50)),
            ("steps", List("What to do, in this order. At least one.", Ref("step"), min: 1, max: 50)));
        var defs = new JsonObject(DurationDefs)
        {
            ["gateway"] = Embed(catalogue.GatewaySettings, "#/$defs/gateway"),
            ["fault"] = TimelineSchema.Fault(catalogue),
            ["cause"] = Object("Something that may be wrong: faults, or a flood of messages, or both.", ["name", "title"],
                ("name", Name("Unique in the runbook; what is named when the incident is diagnosed.")),
                ("title", Text("What is wrong, as a sentence.")),
                ("faults", List("Faults as in the timeline of an experiment, timed from when the cause begins; they last until they are mitigated, or that long.", Ref("fault"), max: 50)),
                ("flood", Object("One client publishes far too much to one of the fleet's channels; which one, the seed decides.", ["rate_per_s", "for"],
                    ("rate_per_s", Number("Messages a second, 1 to 10,000.", 1, 10_000)),
                    ("bytes", Whole("Size of a payload in bytes, 64 to 65,536; 128 by default.", 64, 65_536, 128)),
                    ("for", Duration("How long, unless the channel is limited before.", Limits.FaultFor))))),
            ["step"] = Step(),
            ["action"] = Action(),
        };
        foreach (var (name, summary, required, options) in Actions)
        {
            defs["action." + name] = Object($"{char.ToUpperInvariant(summary[0])}{summary[1..]}.", required,
                [("do", JsonValue.Create(true)), .. options.Select(o => (o.Key, o.Schema.DeepClone()))]);
        }

        foreach (var fault in catalogue.Faults) defs["fault." + fault.Type] = Embed(fault.Attributes, "#/$defs/fault." + fault.Type);
        return Document("Chaos runbook", schema, defs);
    }

    private static JsonObject Step() => Object("A step: what to look at, what is found there, what is done about it.", ["id", "title"],
        ("id", Name("Unique in the runbook.")),
        ("title", Text("What to do, as a sentence.")),
        ("checklist", Text("The line of the production checklist that it is.")),
        ("look", List("Indicators to look at.", Enum("indicator", "An indicator of the gateway's own metrics.", Indicators.All.Select(i => i.Name)), max: 20)),
        ("probe", Object("What is found: the median of an indicator's readings against a limit.", ["indicator", "is", "limit", "cause"],
            ("indicator", Enum("indicator", "What is measured.", Indicators.All.Select(i => i.Name))),
            ("is", Enum("side", "On which side of the limit the cause is found: above or below.", ["above", "below"])),
            ("limit", Number("The limit, in the unit that the indicator's name ends with.", 0, 1e9)),
            ("over", Duration("Over what time, back from now.", Limits.RunbookOver, "4s")),
            ("node", Text("The gateway process that is looked at, such as eu.gateway-2; all together by default.")),
            ("cause", Name("The cause that is found, as under causes.")))),
        ("action", Ref("action", "What is done about it; it can be undone.")),
        ("hint", Text("For who does not know what to make of what he sees.")));

    // Keys are checked in the branch of the action that is named.
    private static JsonObject Action() => new()
    {
        ["type"] = "object",
        ["description"] = "An action; every one can be undone.",
        ["required"] = Strings("do"),
        ["properties"] = new JsonObject
        {
            ["do"] = Enum("action", ExperimentSchema.Described("What is done.", Actions.Select(a => (a.Do, a.Summary))), Actions.Select(a => a.Do)),
        },
        ["allOf"] = new JsonArray([.. Actions.Select(a => (JsonNode)When("do", a.Do, Ref("action." + a.Do)))]),
    };
}
