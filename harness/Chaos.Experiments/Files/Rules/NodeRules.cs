using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Nodes;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of faults on gateway nodes.</summary>
internal static class NodeRules
{
    /// <summary>Types after which the node is another process, at another address.</summary>
    private static readonly string[] Ends = ["drain", "release", "restart"];

    private static readonly string[] OnLinksOnly = ["link", "between", "stream", "toxicity", "target"];

    public static void CheckFault(RuleContext context, Cursor fault)
    {
        var type = fault["fault"].Text!;
        foreach (var key in OnLinksOnly.Where(k => fault[k].Exists))
            context.Report(fault[key], $"{type} acts on a node and takes no '{key}'", "Remove it; 'node' says where the fault is.");
        if (type == "clock_skew" && fault["attributes"]["ms"].Number is 0) context.Report(fault["attributes"]["ms"], "a clock that is off by 0 ms is right", "Say by how much it is ahead, or behind with a minus.");
        if (context.World is null || fault["node"].Text is not { Length: > 0 } node) return;
        if (context.World.Stores.Contains(node))
        {
            OnStore(context, fault, type, node);
            return;
        }

        List<string> nodes = [.. context.World.Nodes, .. NodeFaultCatalogue.OnStores.Contains(type) ? context.World.Stores : []];
        if (!nodes.Contains(node))
            context.Report(fault["node"], $"unknown node '{Words.Shown(node)}' in world {context.World.Name}", Words.Suggest(node, nodes, "nodes"));
        else if (Ends.Contains(type) && IsFirst(context, node) && context.Root["fleet"]["feed"]["from"].Text == "backstage")
            context.Report(fault["node"], $"the feed from backstage is connected to {node}, and would lose it for good", "Put it on another node, or let the feed come from: clients.");
    }

    /// <summary>A store can be stopped where the run has started it as a server of its own.</summary>
    private static void OnStore(RuleContext context, Cursor fault, string type, string store)
    {
        var region = context.World!.Regions.First(r => r.Name == LinkNames.RegionOf(store));
        if (!NodeFaultCatalogue.OnStores.Contains(type))
        {
            context.Report(fault["fault"], $"{type} acts on gateway nodes, and {store} is a store", $"On stores act: {Words.List(NodeFaultCatalogue.OnStores)}; on the way to them, faults with link: {store}.");
            return;
        }

        if (region.Store.Kind is "embedded" or "external")
        {
            var why = region.Store.Kind == "embedded" ? "is embedded and has no process of its own" : "was not started by the run, so it is not the run's to stop";
            context.Report(fault["node"], $"{store} {why}", $"Give region {region.Name} a store: {{ kind: process }} or {{ kind: container }}, or put a fault on link: {store}.");
            return;
        }

        if (fault["attributes"]["noticed_after"] is { Exists: true } noticed) context.Report(noticed, "a store gets no clients, so nobody notices for it", "Remove noticed_after.");
        if (region.Store.Kind == "container" && fault["attributes"]["signal"].Text == "stop") context.Report(fault["attributes"]["signal"], $"{store} is a container, which is killed", "Remove signal.");
    }

    /// <summary>A node can be in one state at a time: its faults must follow one another.</summary>
    public static void CheckOverlaps(RuleContext context, IEnumerable<Cursor> faults)
    {
        foreach (var onNode in faults.Where(f => f["node"].Text is not null).GroupBy(f => f["node"].Text!, StringComparer.Ordinal))
        {
            var times = onNode.SelectMany(f => Times(f).Select(t => (Fault: f, t.From, t.To))).OrderBy(t => t.From).ToList();
            foreach (var (one, next) in times.Zip(times.Skip(1)))
            {
                if (next.From >= one.To) continue;
                context.Report(next.Fault["node"], $"'{Words.Shown(next.Fault["name"].Text ?? "")}' begins on {onNode.Key} while '{Words.Shown(one.Fault["name"].Text ?? "")}' is on it", "A node has one fault at a time; move one of them with 'at', or to another node.");
                break;
            }
        }
    }

    private static IEnumerable<(TimeSpan From, TimeSpan To)> Times(Cursor fault)
    {
        if (fault["for"].Duration is not { } length) yield break;
        var (at, repeat) = (fault["at"].Duration ?? TimeSpan.Zero, fault["repeat"]);
        var (every, count, jitter) = (repeat["every"].Duration ?? TimeSpan.Zero, Math.Min(repeat["count"].Whole ?? 1, Limits.Occurrences), repeat["jitter"].Duration ?? TimeSpan.Zero);
        for (var i = 0; i < count; i++) yield return (at + (every * i) - jitter, at + (every * i) + length + jitter);
    }

    private static bool IsFirst(RuleContext context, string node) =>
        context.World!.Regions.Any(r => WorldDefinition.NodeName(r.Name, 1) == node);
}
