using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files.Rules;

/// <summary>What a schema cannot say: names that must exist or be unique, numbers that depend on others.</summary>
internal static class ExperimentRules
{
    /// <summary>Phases that <c>during</c> may name, beside faults.</summary>
    public static readonly string[] Windows = ["baseline", "faults", "recovery", "run"];

    public static void Check(RuleContext context)
    {
        var root = context.Root;
        CheckFleet(context, root["fleet"]);
        Expectations(context);
        TimelineRules.Check(context, root["timeline"]);
        foreach (var condition in root["stop_when"].Items) context.ReportRange(condition["for"], Limits.StopFor);
        context.ReportDuplicates(root["stop_when"].Items.Select(c => c["name"]), "stop condition");
        ScriptRules.Check(context);
        ExternalGatewayRules.CheckExperiment(context);
        UpstreamRules.Check(context);
        context.ReportDuplicates(root["tags"].Items, "tag");
    }

    /// <summary>Rules of the fleet.</summary>
    public static void CheckFleet(RuleContext context, Cursor fleet)
    {
        RegionRules.CheckFleet(context, fleet);
        LinkRules.Check(context, fleet["link"], LinkKind.WebSocket, "clients");
        context.ReportRange(fleet["token_ttl"], Limits.TokenTtl);
        if (fleet["channels"].Whole is { } channels and > 0 && (fleet["count"].Whole ?? fleet["regions"].Items.Sum(r => r["count"].Whole ?? 0)) is var count and > 0 && channels > count)
            context.Report(fleet["channels"], $"fleet.channels is larger than fleet.count: {channels} is above {count}", "Give every channel at least one client.");
        var policy = fleet["policy"];
        var (lowest, cap) = (policy["base_ms"].Number ?? 500, policy["cap_ms"].Number ?? 20_000);
        if (lowest is >= 1 and <= 60_000 && cap >= 1 && cap < lowest)
            context.Report(policy["cap_ms"].Exists ? policy["cap_ms"] : policy["base_ms"], FormattableString.Invariant($"fleet.policy.cap_ms is below base_ms: {cap} is below {lowest}"), "The cap is the largest backoff, the base the first.");
    }

    private static void Expectations(RuleContext context)
    {
        var root = context.Root;
        var expectations = root["expectations"].Items.ToList();
        var faults = root["timeline"]["faults"].Items.Select(f => f["name"].Text).OfType<string>().ToList();
        context.ReportDuplicates(root["steady_state"].Items.Concat(expectations).Select(e => e["id"]), "id");
        foreach (var during in expectations.Select(e => e["during"]))
        {
            if (during.Text is not { Length: > 0 } window || Windows.Contains(window) || faults.Contains(window)) continue;
            var nearest = Words.Nearest(window, Windows.Concat(faults));
            context.Report(during, $"during names neither a phase nor a fault: '{Words.Shown(window)}'",
                nearest is null ? $"Phases: {Words.List(Windows)}; faults: {(faults.Count == 0 ? "none" : Words.List(faults))}." : $"Did you mean '{nearest}'?");
        }

        var ids = expectations.Select(e => e["id"].Text).OfType<string>().ToList();
        foreach (var killer in root["mutants"].Items.Select(m => m["killed_by"]))
        {
            if (killer.Text is { Length: > 0 } id && !ids.Contains(id))
                context.Report(killer, $"killed_by names no expectation: '{Words.Shown(id)}'", Words.Suggest(id, ids, "expectations"));
        }

        context.ReportDuplicates(root["mutants"].Items.Select(m => m["name"]), "mutant");
    }
}
