using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Nodes;
using Chaos.Experiments.Engine.Regions;
using Chaos.Gateway.Settings;
using Chaos.Load.External;
using Chaos.Load.Plain;
using Chaos.Mutants;
using Chaos.Proxy.Faults;

namespace Chaos.Cli.Composition;

/// <summary>Brings together what each part knows: the proxy and the engine their faults, the mutants themselves, the clients folder its clients.</summary>
internal static class Catalogues
{
    /// <summary>Everything that an experiment may name.</summary>
    public static Catalogue All() => new(
        [.. FaultCatalogue.Types.Select(t => new FaultType(t.Type, t.Summary, t.AttributesSchema, Links(t))), .. NodeFaultCatalogue.Types(GatewaySettings.Schema), .. RegionFaultCatalogue.Types],
        [.. MutantCatalogue.All.Select(m => new MutantType(m.Name, m.Summary))],
        [new ClientType("reference", "The project's own client."), new ClientType(PlainFleet.Name, "A client that knows no more than WebSocket, for gateways of any make."), .. ExternalClients.Discover(Layout.Clients).Select(c => new ClientType(c.Name, c.Summary))],
        CheckCatalogue.All,
        GatewaySettings.Schema) { FaultTarget = FaultCatalogue.TargetSchema };

    private static HashSet<LinkKind> Links(FaultDescription fault)
    {
        var links = new HashSet<LinkKind>();
        if (fault.Tcp) links.Add(LinkKind.Tcp);
        if (fault.WebSocket) links.Add(LinkKind.WebSocket);
        if (fault.Http) links.Add(LinkKind.Http);
        return links;
    }
}
