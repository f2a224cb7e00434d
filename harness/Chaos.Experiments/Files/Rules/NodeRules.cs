namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of faults on gateway nodes.</summary>
internal static class NodeRules
{
    private static readonly string[] OnLinksOnly = ["link", "stream", "toxicity", "target"];

    public static void CheckFault(RuleContext context, Cursor fault)
    {
        var type = fault["fault"].Text!;
        foreach (var key in OnLinksOnly.Where(k => fault[k].Exists))
            context.Report(fault[key], $"{type} acts on a node and takes no '{key}'", "Remove it; 'node' says where the fault is.");
        if (context.World is null || fault["node"].Text is not { Length: > 0 } node) return;
        var nodes = context.World.Nodes.ToList();
        if (!nodes.Contains(node))
            context.Report(fault["node"], $"unknown node '{Words.Shown(node)}' in world {context.World.Name}", Words.Suggest(node, nodes, "nodes"));
        else if (type == "release" && IsFirst(context, node) && context.Root["fleet"]["feed"]["from"].Text == "backstage")
            context.Report(fault["node"], $"the feed from backstage is connected to {node}, and would lose it for good", "Release to another node, or let the feed come from: clients.");
    }

    private static bool IsFirst(RuleContext context, string node) =>
        context.World!.Regions.Any(r => Definitions.WorldDefinition.NodeName(r.Name, 1) == node);
}
