using System.Text.Json.Nodes;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>How faults of one type are described, validated and made.</summary>
/// <param name="Create">Makes the behaviour; adds errors that concern several attributes at once.</param>
internal sealed record FaultKind(string Type, string Summary, bool Tcp, bool WebSocket, AttributeSpec[] Attributes,
    Func<AttributeValues, List<string>, FaultBehaviour> Create)
{
    /// <summary>It can be put on an HTTP proxy; so can everything that needs bytes alone.</summary>
    public bool Http { get; init; } = Tcp;

    /// <summary>The kinds of proxies it can be put on, for messages.</summary>
    public string Places => string.Join(" or ", Enum.GetValues<ProxyKind>().Where(Fits).Select(kind => kind.Name()));

    public bool Fits(ProxyKind proxy) => proxy switch
    {
        ProxyKind.WebSocket => WebSocket,
        ProxyKind.Http => Http,
        _ => Tcp,
    };

    public FaultDescription Describe()
    {
        var properties = new JsonObject();
        foreach (var attribute in Attributes)
            properties[attribute.Name] = attribute.ToSchema();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["type"] = "object",
            ["description"] = Summary,
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        var required = Attributes.Where(attribute => attribute.Required).Select(attribute => (JsonNode)attribute.Name).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        return new FaultDescription(Type, Summary, schema, Tcp, WebSocket, Http);
    }
}
