using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Engine.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Files.Schema;

/// <summary>The timeline's part of the schema: phases, faults, stop conditions.</summary>
internal static class TimelineSchema
{
    private const string LinkMeaning = "The link it is put on, such as eu.clients or eu.redis.";
    private const string RegionsMeaning = "The two regions it is put between, such as [eu, us]; the second may be others, all regions but the first.";
    private const string NodeMeaning = "The gateway node it is put on, such as eu.gateway-1.";

    public static JsonObject Timeline() => Object("When things happen: baseline, faults, recovery, settle, in this order.", [],
        ("baseline", Duration("Steady state before any fault.", Limits.Phase, "3s")),
        ("faults_at_least", Duration("Least length of the faults phase; it lasts until the last fault is removed in any case.", Limits.Phase, "0s")),
        ("faults", List("Faults, timed from the start of the faults phase.", Ref("fault"), max: 200)),
        ("recovery", Duration("Steady state after the faults.", Limits.Phase, "3s")),
        ("settle", Duration("Longest wait, after the feed stops, for what was acknowledged to be delivered everywhere.", Limits.Settle, "5s")));

    public static JsonObject Fault(Catalogue catalogue)
    {
        var schema = Object("A fault on a link, on a gateway node, or between regions, for a time.", ["name", "fault", "for"],
            ("name", Name("Unique in the experiment; expectations name it in during.")),
            ("link", Text(LinkMeaning)),
            ("node", Text($"{NodeMeaning} For {Words.List([.. Of(catalogue, FaultPlace.Node)])}; {Words.List(NodeFaultCatalogue.OnStores)} also on a store that is a process or a container, such as eu.redis.")),
            ("between", Pair($"{RegionsMeaning} For {Words.List([.. Of(catalogue, FaultPlace.Regions)])}.")),
            ("fault", Enum("fault", ExperimentSchema.Described("Type of the fault.", catalogue.Faults.Select(f => (f.Type, f.Summary))), catalogue.Faults.Select(f => f.Type))),
            ("at", Duration("When it starts, from the start of the faults phase.", Limits.FaultAt, "0s")),
            ("for", Duration("How long it lasts, each time.", Limits.FaultFor)),
            ("stream", Enum("stream", "Direction: upstream (from the client), downstream (to the client) or both; downstream by default.", ["upstream", "downstream", "both"], "downstream")),
            ("toxicity", Number("Share of connections it takes hold of, 0 to 1; 1 by default.", 0, 1, 1)),
            ("target", Embed(catalogue.FaultTarget, "#/$defs/fault/properties/target")),
            ("attributes", new JsonObject { ["type"] = "object", ["description"] = "Attributes of the type of fault." }),
            ("repeat", Object("Repeats the fault. Occurrences may overlap.", ["every", "count"],
                ("every", Duration("Time from one start to the next.", Limits.Every)),
                ("count", Whole("How often in all, 1 to 10,000.", 1, Limits.Occurrences)),
                ("jitter", Duration("Each start is moved by a uniform draw from ± this, from the experiment's seed; at most every.", Limits.Jitter, "0s")))));
        schema["allOf"] = new JsonArray([.. catalogue.Faults.Select(f => (JsonNode)When("fault", f.Type, Attributes(f)))]);
        return schema;
    }

    public static JsonObject StopCondition() => Object("Ends the run early while a live figure is above its limit.", ["name", "figure", "above", "for"],
        ("name", Name("Unique in the experiment.")),
        ("figure", Enum("figure", ExperimentSchema.Described("The figure that is watched.",
        [
            ("disconnected_share", "share of clients that are not connected, 0 to 1"),
            ("delivery_p99_ms", "99th percentile of publish to delivered, in milliseconds"),
            ("publish_error_share", "share of publishes that are refused, 0 to 1"),
            ("harness_memory_mib", "memory of the harness itself, in MiB"),
        ]), ["disconnected_share", "delivery_p99_ms", "publish_error_share", "harness_memory_mib"])),
        ("above", Number("Limit; the condition is met above it.", 0, 1e9)),
        ("for", Duration("How long it must be above.", Limits.StopFor)));

    private static IEnumerable<string> Of(Catalogue catalogue, FaultPlace place) => catalogue.Faults.Where(f => f.Place == place).Select(f => f.Type);

    private static JsonObject Attributes(FaultType fault)
    {
        var needed = (fault.Attributes["required"] as JsonArray ?? []).Select(k => k!.GetValue<string>()).ToList();
        var description = $"Attributes of {fault.Type}{(needed.Count == 0 ? "" : $"; it needs {Words.Quoted(needed)}")}.";
        var (place, meaning) = fault.Place switch
        {
            FaultPlace.Node => ("node", NodeMeaning),
            FaultPlace.Regions => ("between", RegionsMeaning),
            _ => ("link", LinkMeaning),
        };
        return new JsonObject
        {
            ["required"] = needed.Count > 0 ? Strings(place, "attributes") : Strings(place),
            ["properties"] = new JsonObject { [place] = new JsonObject { ["description"] = meaning }, ["attributes"] = Ref("fault." + fault.Type, description) },
        };
    }
}
