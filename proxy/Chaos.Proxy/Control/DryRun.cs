using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>What a fault would take hold of. It is asked as it would be in earnest, but never put on the link.</summary>
internal static class DryRun
{
    public static readonly ApiQuery Query = new("dry_run", "boolean", "Changes nothing; answers which open connections the fault would take hold of, by the same rolls, and which share of new ones.");

    public static JsonObject Of(ManagedProxy proxy, FaultDefinition definition)
    {
        using var fault = new ActiveFault(definition);
        var open = proxy.Link.OpenCount;
        var hit = proxy.Link.Preview(fault);
        var json = new JsonObject
        {
            ["dry_run"] = true,
            ["fault"] = ControlJson.Fault(proxy, fault),
            ["open"] = open,
            ["would_hit"] = new JsonArray([.. hit.Select(connection => (JsonNode)ConnectionJson.Name(connection))]),
            ["share_of_new"] = ShareOfNew(definition),
        };
        var target = definition.Target.Connections;
        if (target.Labels.Count > 0) json["new_only_with"] = new JsonObject(target.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        if (target.First > 0) json["new_at_most"] = Math.Max(0, target.First - hit.Length);
        if (target.MaxActive > 0) json["at_once_at_most"] = target.MaxActive;
        return json;
    }

    // Of those whose labels fit, and before the caps.
    private static double ShareOfNew(FaultDefinition definition) => definition.Toxicity / Math.Max(1, definition.Target.Connections.Every);
}
