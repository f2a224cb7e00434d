using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Files.Binding;

/// <summary>A checked runbook → its definition, with defaults filled in.</summary>
internal static class RunbookBinder
{
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(4);

    public static RunbookDefinition Bind(Cursor root, WorldDefinition world, Budgets budgets, string file) => new()
    {
        Id = root["id"].Text!,
        Title = root["title"].Text!,
        World = world,
        Gateway = root["gateway"].Node?.DeepClone() as JsonObject ?? [],
        Fleet = ExperimentBinder.Fleet(root["fleet"]),
        Standing = [.. root["standing"].Items.Select(ExperimentBinder.Fault)],
        Baseline = root["baseline"].Duration ?? TimeSpan.FromSeconds(3),
        BeginsWithin = root["begins_within"].Duration ?? TimeSpan.Zero,
        GivesUpAfter = root["gives_up_after"].Duration!.Value,
        Patience = root["patience"].Duration ?? TimeSpan.FromSeconds(20),
        Stable = Stable(root["stable"], budgets),
        Demands = Demands(root["demands"]),
        Causes = [.. root["causes"].Items.Select(Cause)],
        Steps = [.. root["steps"].Items.Select(Step)],
        File = file,
    };

    private static StabilityDefinition Stable(Cursor stable, Budgets budgets) => new(budgets.All[stable["budget"].Text!], stable["for"].Duration ?? TimeSpan.FromSeconds(60),
        stable["error_share"].Number ?? 0.05, stable["connected_share"].Number ?? 0.95);

    private static DemandsDefinition Demands(Cursor demands)
    {
        var defaults = new DemandsDefinition();
        return new DemandsDefinition(demands["named"].Number ?? defaults.Named, demands["of_time"].Number ?? defaults.OfTime);
    }

    private static CauseDefinition Cause(Cursor cause) => new(cause["name"].Text!, cause["title"].Text!, [.. cause["faults"].Items.Select(ExperimentBinder.Fault)],
        cause["flood"] is { Exists: true } flood ? new FloodDefinition(flood["rate_per_s"].Number!.Value, flood["bytes"].Whole ?? 128, flood["for"].Duration!.Value) : null);

    private static RunbookStep Step(Cursor step) => new(step["id"].Text!, step["title"].Text!, step["checklist"].Text, [.. step["look"].Items.Select(l => l.Text!)],
        step["probe"] is { Exists: true } probe ? Probe(probe) : null, step["action"] is { Exists: true } action ? Action(action) : null, step["hint"].Text);

    private static ProbeDefinition Probe(Cursor probe) =>
        new(probe["indicator"].Text!, probe["is"].Text == "above", probe["limit"].Number!.Value, probe["over"].Duration ?? Over, probe["cause"].Text!, probe["node"].Text);

    private static RunbookAction Action(Cursor action) => action["do"].Text switch
    {
        "reroute" => new RerouteAction(LinkNames.Normal(action["link"].Text!)),
        "steer_home" => new SteerHomeAction(action["region"].Text!),
        "limit" => new LimitAction(action["channel"].Text!, action["per_second"].Whole!.Value, action["for"].Duration!.Value),
        "rollback" => new RollbackAction(action["node"].Text!),
        var other => throw new InvalidOperationException($"The schema knows an action '{other}' that is not bound."),
    };
}
