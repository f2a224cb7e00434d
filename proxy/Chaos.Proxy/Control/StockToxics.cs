using System.Text.Json.Nodes;
using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Control;

/// <summary>The attributes that Toxiproxy's own toxics have.</summary>
internal static class StockToxics
{
    private static readonly Dictionary<string, string[]> Attributes = new(StringComparer.Ordinal)
    {
        ["latency"] = ["latency", "jitter"],
        ["bandwidth"] = ["rate"],
        ["slow_close"] = ["delay"],
        ["timeout"] = ["timeout"],
        ["reset_peer"] = ["timeout"],
        ["slicer"] = ["average_size", "size_variation", "delay"],
        ["limit_data"] = ["bytes"],
        ["noop"] = [],
    };

    /// <summary>
    /// What a Toxiproxy client is shown of a toxic's attributes: all of those it knows, and of the others those that
    /// were changed.
    /// </summary>
    public static JsonObject Visible(FaultDefinition definition)
    {
        var attributes = definition.Attributes.ToJson();
        if (!Attributes.TryGetValue(definition.Kind.Type, out var stock)) return attributes;
        foreach (var spec in definition.Kind.Attributes)
        {
            if (!stock.Contains(spec.Name) && JsonNode.DeepEquals(attributes[spec.Name], spec.Default)) attributes.Remove(spec.Name);
        }
        return attributes;
    }
}
