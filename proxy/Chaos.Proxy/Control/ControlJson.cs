using System.Text.Json.Nodes;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>The API's answers.</summary>
internal static class ControlJson
{
    /// <summary>A proxy as a Toxiproxy client expects it. A stock proxy has no member more than there.</summary>
    /// <param name="all">With the faults that no Toxiproxy client knows.</param>
    public static JsonObject Proxy(ManagedProxy proxy, bool all)
    {
        var json = new JsonObject
        {
            ["name"] = proxy.Name,
            ["listen"] = proxy.Settings.Listen,
            ["upstream"] = proxy.Settings.Upstream,
            ["enabled"] = proxy.Enabled,
            ["toxics"] = Toxics(proxy, all),
        };
        if (proxy.Settings.Kind != ProxyKind.Tcp) json["kind"] = proxy.Settings.Kind.Name();
        TlsRequests.Show(json, proxy.Settings, proxy.Identity);
        return json;
    }

    /// <summary>A proxy with all that is known of it.</summary>
    public static JsonObject Whole(ManagedProxy proxy)
    {
        var settings = proxy.Settings;
        var json = new JsonObject { ["name"] = settings.Name, ["kind"] = settings.Kind.Name(), ["listen"] = settings.Listen, ["upstream"] = settings.Upstream, ["enabled"] = proxy.Enabled };
        if (settings.Region is not null) json["region"] = settings.Region;
        if (settings.Labels.Count > 0) json["labels"] = new JsonObject(settings.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        TlsRequests.Show(json, settings, proxy.Identity);
        json["faults"] = Faults(proxy);
        json["connections"] = proxy.Link.OpenCount;
        json["bytes_up"] = proxy.Link.Bytes(Direction.Upstream).Delivered;
        json["bytes_down"] = proxy.Link.Bytes(Direction.Downstream).Delivered;
        return json;
    }

    /// <summary>Toxics in Toxiproxy's order: those of the upstream direction first, older ones first.</summary>
    public static JsonArray Toxics(ManagedProxy proxy, bool all) => List(proxy.Link.Faults
        .Where(fault => all || fault.Definition.AsToxic).OrderBy(fault => fault.Definition.Streams == Directions.Upstream ? 0 : 1), Toxic);

    public static JsonArray Faults(ManagedProxy proxy) => List(proxy.Link.Faults, fault => Fault(proxy, fault));

    /// <summary>A toxic. Attributes that Toxiproxy does not have are shown where they are not at their default: some clients take numbers only.</summary>
    public static JsonObject Toxic(ActiveFault fault) => Shape(fault, StockToxics.Visible(fault.Definition));

    public static JsonObject Fault(ManagedProxy proxy, ActiveFault fault)
    {
        var json = Shape(fault, fault.Definition.Attributes.ToJson());
        json["proxy"] = proxy.Name;
        if (fault.Definition.Target.ToJson() is { } target) json["target"] = target;
        if (fault.Definition.Lease is { } lease) json["lease_ms"] = lease.TotalMilliseconds;
        return json;
    }

    private static JsonObject Shape(ActiveFault fault, JsonObject attributes) => new()
    {
        ["attributes"] = attributes,
        ["name"] = fault.Name,
        ["type"] = fault.Definition.Kind.Type,
        ["stream"] = fault.Definition.AskedStream ?? fault.Definition.Streams.Name(),
        ["toxicity"] = fault.Definition.Toxicity,
    };

    private static JsonArray List(IEnumerable<ActiveFault> faults, Func<ActiveFault, JsonNode> map) => new([.. faults.Select(map)]);
}
