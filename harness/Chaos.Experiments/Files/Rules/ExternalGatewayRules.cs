using System.Text.Json.Nodes;

namespace Chaos.Experiments.Files.Rules;

/// <summary>Rules of gateways that run already: nothing may be asked of them but WebSocket.</summary>
internal static class ExternalGatewayRules
{
    /// <summary>Checks a region of a world file.</summary>
    public static void CheckRegion(RuleContext context, Cursor region)
    {
        var gateway = region["gateway"];
        if (gateway.Node is not JsonObject) return;
        foreach (var key in new[] { "gateways", "store", "upstream" }.Where(k => region[k].Exists))
            context.Report(region[key], $"a region whose gateway is external has no '{key}'", "Remove it: what the gateway consists of is its own affair.");
        if (gateway["address"].Text is { Length: > 0 } address && GatewayAddress.Problem(address) is { } problem)
            context.Report(gateway["address"], $"the gateway's address {problem}: '{Words.Shown(address)}'", GatewayAddress.Form);
    }

    /// <summary>Checks an experiment in such a world.</summary>
    public static void CheckExperiment(RuleContext context)
    {
        if (context.World is not { IsExternal: true } world) return;
        var (root, fleet) = (context.Root, context.Root["fleet"]);
        if (fleet["client"].Text is null or "reference" && fleet.Exists)
            context.Report(fleet["client"], $"reference clients cannot talk to the gateway of world {world.Name}, whose protocol is not known", "Use client: plain-websocket, or a client of your own (tests/clients/README.md).");
        if (fleet["feed"].Exists)
            context.Report(fleet["feed"], $"there is no feed through the gateway of world {world.Name}, whose protocol is not known", "Remove it; clients of your own may talk as they like.");
        foreach (var key in new[] { "gateway", "scripts" }.Where(k => root[k].Exists))
            context.Report(root[key], $"'{key}' is for the reference gateway, and that of world {world.Name} is your own", "Remove it, or choose another world.");
    }
}
