using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Regions;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>The world's regions and links, and how its parts are.</summary>
internal sealed class WorldMap(ExperimentDefinition experiment, Connections connections, FaultLog faults)
{
    private readonly WorldDefinition _world = experiment.World;
    private readonly Dictionary<string, string> _stateOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _heldBy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _open = new(StringComparer.Ordinal);
    private bool _over;

    public void Take(JournalEvent e)
    {
        switch (e)
        {
            // It has limits of handshakes in the place of nodes, and does not say which of them a client met.
            case SimulationStarted:
                foreach (var node in _world.Nodes) _stateOf[node] = "modelled";
                break;
            case PartStarted { Role: "gateway" } part:
                _stateOf[NodeOf(part.Name)] = "up";
                break;
            case PhaseEntered phase:
                _over = phase.Phase == Phases.Teardown;
                break;
            // A release takes a node's place before the process before it has gone.
            case PartEnded { Role: "gateway" } part when NodeOf(part.Name) == part.Name || _stateOf.GetValueOrDefault(NodeOf(part.Name)) != "up":
                // What is torn down is away on purpose.
                _stateOf[NodeOf(part.Name)] = _over ? "ended" : "down";
                break;
            case NodeHeld held:
                (_stateOf[held.Node], _heldBy[held.Fault]) = (held.How, held.Node);
                break;
            case FaultOff off when _heldBy.Remove(off.Fault, out var node):
                _stateOf[node] = "up";
                break;
            case LedgerOpened opened:
                _open[opened.Link] = _open.GetValueOrDefault(opened.Link) + 1;
                break;
            case LedgerClosed closed:
                _open[closed.Link] = Math.Max(0, _open.GetValueOrDefault(closed.Link) - 1);
                break;
            case LedgerAnswer answer:
                // A plain request is over with its answer, and has no line of its end.
                _open[answer.Link] = Math.Max(0, _open.GetValueOrDefault(answer.Link) - 1);
                break;
        }
    }

    public WorldView View()
    {
        var on = faults.Active.ToList();
        var byLink = on.SelectMany(f => LinksOf(f).Select(link => (link, f.Type))).ToLookup(l => l.link, l => l.Type);
        return new WorldView(_world.Name, [.. _world.Regions.Select(r => Region(r, on))],
        [
            .. _world.Links.Select(l => new LinkView(l.Name, l.Region, l.To, l.To is null ? 0 : _world.RoundTripMs(l.Region, l.To), _open.GetValueOrDefault(l.Name), [.. byLink[l.Name].Distinct()])),
        ]);
    }

    private RegionView Region(RegionDefinition region, List<FaultOn> on)
    {
        var nodes = Enumerable.Range(1, region.Gateways).Select(i => WorldDefinition.NodeName(region.Name, i))
            .Select(n => new NodeView(n, _stateOf.GetValueOrDefault(n, "starting"), connections.On(n), on.Find(f => f.Link == n)?.Type));
        if (region.External is not null) nodes = [new NodeView($"{region.Name}.gateway", "external", connections.View(0).Connected, null)];
        return new RegionView(region.Name, Clients(region.Name), [.. nodes], region.External is null ? region.Store.Kind : null, region.Upstream is not null);
    }

    private int Clients(string region)
    {
        var fleet = experiment.Fleet;
        if (fleet.Homes.Count > 0) return fleet.Homes.Where(h => h.Region == region).Sum(h => h.Count);
        return LinkNames.RegionOf(fleet.Link) == region ? fleet.Count : 0;
    }

    private IEnumerable<string> LinksOf(FaultOn fault) => experiment.Timeline.Faults.FirstOrDefault(f => f.Name == fault.Fault)?.Between is { } between
        ? RegionFaultCatalogue.LinksOf(_world, between).Select(l => l.Name)
        : [fault.Link];

    /// <summary>The node that a process is for: <c>eu.gateway-2</c> of the release <c>eu.gateway-2-v2</c>.</summary>
    private string NodeOf(string part) => _world.Nodes.Where(n => part == n || part.StartsWith(n + "-", StringComparison.Ordinal)).MaxBy(n => n.Length) ?? part;
}
