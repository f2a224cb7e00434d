using System.Text.Json.Nodes;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>The API's answers.</summary>
internal static class ControlJson
{
    public static JsonObject Of(ManagedProxy proxy) => new()
    {
        ["name"] = proxy.Name,
        ["listen"] = proxy.Settings.Listen,
        ["upstream"] = proxy.Settings.Upstream,
        ["enabled"] = proxy.Enabled,
        ["toxics"] = Toxics(proxy),
        ["kind"] = proxy.Settings.WebSocket ? "websocket" : "tcp",
    };

    public static JsonArray Toxics(ManagedProxy proxy) => List(proxy.Link.Faults.Where(fault => fault.Definition.AsToxic), Toxic);

    public static JsonArray Faults(ManagedProxy proxy) => List(proxy.Link.Faults, fault => Fault(proxy, fault));

    public static JsonObject Toxic(ActiveFault fault) => new()
    {
        ["attributes"] = fault.Definition.Attributes.ToJson(),
        ["name"] = fault.Name,
        ["type"] = fault.Definition.Kind.Type,
        ["stream"] = fault.Definition.Streams.Name(),
        ["toxicity"] = fault.Definition.Toxicity,
    };

    public static JsonObject Fault(ManagedProxy proxy, ActiveFault fault)
    {
        var json = Toxic(fault);
        json["proxy"] = proxy.Name;
        if (fault.Definition.Target.ToJson() is { } target) json["target"] = target;
        if (fault.Definition.Lease is { } lease) json["lease_ms"] = lease.TotalMilliseconds;
        return json;
    }

    public static JsonObject Error(int status, string message) => new() { ["error"] = message, ["status"] = status };

    private static JsonArray List(IEnumerable<ActiveFault> faults, Func<ActiveFault, JsonNode> map) => new([.. faults.Select(map)]);
}
