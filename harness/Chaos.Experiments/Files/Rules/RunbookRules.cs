using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files.Rules;

/// <summary>A runbook must be able to find every cause that it names and to do something about it, in a world that has what it speaks of.</summary>
internal static class RunbookRules
{
    /// <summary>Indicators that compare regions.</summary>
    private static readonly string[] OfRegions = ["imbalance_ratio", "replication_lag_ms", "replication_waiting"];

    /// <param name="context">The file.</param>
    /// <param name="found">Whether there is a file of budgets.</param>
    /// <param name="budgets">Its content; null when it has errors, which are told apart from this.</param>
    public static void Check(RuleContext context, bool found, Budgets? budgets)
    {
        var root = context.Root;
        ExperimentRules.CheckFleet(context, root["fleet"]);
        if (root["fleet"].Exists && !root["fleet"]["feed"].Exists)
            context.Report(root["fleet"], "the fleet has no feed", "Without messages nothing can be late, and nobody would notice the incident: give it feed: { from: clients, rate_per_s: 40 }.");
        var causes = root["causes"].Items.ToList();
        Times(context, root, causes);
        Budget(context, root["stable"]["budget"], found, budgets);
        Causes(context, root, causes);
        Steps(context, root["steps"].Items.ToList(), causes);
    }

    private static void Times(RuleContext context, Cursor root, IEnumerable<Cursor> causes)
    {
        foreach (var key in new[] { "baseline", "begins_within", "gives_up_after", "patience" }) context.ReportRange(root[key], Limits.Phase);
        context.ReportRange(root["stable"]["for"], Limits.Phase);
        if (root["gives_up_after"].Duration is not { } end) return;
        var stable = root["stable"]["for"].Duration ?? TimeSpan.FromSeconds(60);
        foreach (var cause in causes)
        {
            var length = cause["faults"].Items.Append(cause["flood"]).Select(f => (f["at"].Duration ?? TimeSpan.Zero) + (f["for"].Duration ?? TimeSpan.Zero)).DefaultIfEmpty().Max();
            if (length + stable >= end)
                context.Report(root["gives_up_after"], $"gives_up_after is too short: '{Words.Shown(cause["name"].Text ?? "")}' lasts {Durations.Format(length)}, and stability takes {Durations.Format(stable)} more", "Give it more time than both together, so that an incident that nobody ends is seen to its end.");
        }
    }

    private static void Budget(RuleContext context, Cursor budget, bool found, Budgets? budgets)
    {
        if (budget.Text is not { Length: > 0 } name) return;
        if (!found) context.Report(budget, $"budget '{Words.Shown(name)}' is missing: there is no file of budgets", $"Write {BudgetFiles.Name} beside or above the runbook.");
        else if (budgets is not null && !budgets.All.ContainsKey(name))
            context.Report(budget, $"budget '{Words.Shown(name)}' is missing in {budgets.ShownAs}", Words.Suggest(name, [.. budgets.All.Keys], "budgets"));
        else if (budgets is not null && !Delivery.Any(budgets.All[name].Limits.ContainsKey))
            context.Report(budget, $"budget '{Words.Shown(name)}' in {budgets.ShownAs} does not bound publish to delivered", $"Give it one of {Words.List(Delivery)}.");
    }

    private static readonly string[] Delivery = [BudgetKeys.P50, BudgetKeys.P95, BudgetKeys.P99];

    private static void Causes(RuleContext context, Cursor root, List<Cursor> causes)
    {
        var standing = root["standing"].Items.ToList();
        context.ReportDuplicates(causes.Select(c => c["name"]), "cause");
        context.ReportDuplicates(standing.Concat(causes.SelectMany(c => c["faults"].Items)).Select(f => f["name"]), "fault");
        foreach (var fault in standing) TimelineRules.CheckFault(context, fault);
        foreach (var cause in causes)
        {
            foreach (var fault in cause["faults"].Items) TimelineRules.CheckFault(context, fault);
            NodeRules.CheckOverlaps(context, standing.Concat(cause["faults"].Items));
            context.ReportRange(cause["flood"]["for"], Limits.FaultFor);
            if (!cause["flood"].Exists && !cause["faults"].Items.Any())
                context.Report(cause, $"the cause '{Words.Shown(cause["name"].Text ?? "")}' does nothing", "Give it faults, or a flood.");
        }
    }

    private static void Steps(RuleContext context, List<Cursor> steps, List<Cursor> causes)
    {
        var known = causes.Select(c => c["name"].Text).OfType<string>().ToList();
        context.ReportDuplicates(steps.Select(s => s["id"]), "step");
        foreach (var step in steps)
        {
            foreach (var indicator in step["look"].Items.Append(step["probe"]["indicator"])) Indicator(context, indicator);
            Probe(context, step["probe"], known);
            Action(context, step["action"]);
        }

        foreach (var cause in causes.Select(c => c["name"]).Where(c => c.Text is { Length: > 0 }))
        {
            var finds = steps.Where(s => s["probe"]["cause"].Text == cause.Text).ToList();
            if (finds.Count == 0) context.Report(cause, $"no step finds '{Words.Shown(cause.Text!)}'", "Give a step a probe that names it; else whoever follows the runbook cannot.");
            else if (finds.All(s => !s["action"].Exists)) context.Report(finds[0], $"the step finds '{Words.Shown(cause.Text!)}' and does nothing about it", "Give it an action.");
        }
    }

    private static void Indicator(RuleContext context, Cursor indicator)
    {
        if (indicator.Text is { } name && OfRegions.Contains(name) && context.World is { Regions.Count: 1 } world)
            context.Report(indicator, $"{name} compares regions, and world {world.Name} has one", "Leave it out, or rehearse in a world of several, such as two-regions.");
    }

    private static void Probe(RuleContext context, Cursor probe, List<string> causes)
    {
        context.ReportRange(probe["over"], Limits.RunbookOver);
        if (probe["cause"].Text is { Length: > 0 } cause && !causes.Contains(cause))
            context.Report(probe["cause"], $"unknown cause '{Words.Shown(cause)}'", Words.Suggest(cause, causes, "causes"));
        if (context.World is not { } world || probe["node"].Text is not { Length: > 0 } node) return;
        // A release has a process of its own, called after node and fault.
        var nodes = world.Nodes.ToList();
        if (!nodes.Exists(n => node == n || node.StartsWith(n + "-", StringComparison.Ordinal)))
            context.Report(probe["node"], $"unknown node '{Words.Shown(node)}' in world {world.Name}", Words.Suggest(node, nodes, "nodes"));
    }

    private static void Action(RuleContext context, Cursor action)
    {
        context.ReportRange(action["for"], Limits.RunbookLimit);
        LinkRules.CheckExists(context, action["link"]);
        if (context.World is not { } world) return;
        Region(context, action["region"], world);
        if (action["node"].Text is not { Length: > 0 } node || world.Nodes.Contains(node)) return;
        context.Report(action["node"], $"unknown node '{Words.Shown(node)}' in world {world.Name}", Words.Suggest(node, [.. world.Nodes], "nodes"));
    }

    private static void Region(RuleContext context, Cursor region, WorldDefinition world)
    {
        if (region.Text is not { Length: > 0 }) return;
        List<string> regions = [.. world.Regions.Select(r => r.Name)];
        if (regions.Count == 1)
            context.Report(region, $"world {world.Name} has one region, so its clients can be sent nowhere else", "Leave the action out, or rehearse in a world of several, such as two-regions.");
        else
            RegionRules.CheckKnown(context, region, world, regions);
    }
}
