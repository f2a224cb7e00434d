using System.Text.Json.Nodes;

namespace Chaos.Proxy.Faults;

/// <summary>Which connections, and which items or messages on them, a fault takes hold of. Toxicity comes on top.</summary>
internal sealed record Target(ConnectionTarget Connections, MessageTarget Messages)
{
    /// <summary>Everything.</summary>
    public static readonly Target All = new(ConnectionTarget.All, MessageTarget.All);

    /// <summary>Reads <c>{"connections": {…}, "messages": {…}}</c>; adds every error it finds.</summary>
    /// <param name="json">As it was given; null for everything.</param>
    public static Target Read(JsonObject? json, List<string> errors)
    {
        if (json is null) return All;
        var reader = new TargetReader("target", json, errors);
        var target = new Target(ConnectionTarget.Read(reader.Object("connections"), errors), MessageTarget.Read(reader.Object("messages"), errors));
        reader.NothingElse("connections", "messages");
        return target;
    }

    /// <summary>As JSON, for answers of the API; null for everything.</summary>
    public JsonObject? ToJson()
    {
        var json = new JsonObject();
        if (Connections.ToJson() is { } connections) json["connections"] = connections;
        if (Messages.ToJson() is { } messages) json["messages"] = messages;
        return json.Count > 0 ? json : null;
    }

    /// <summary>JSON Schema of a target, for documentation and validation.</summary>
    public static JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["description"] = "Which connections and messages the fault takes hold of; everything by default. Toxicity comes on top.",
        ["properties"] = new JsonObject { ["connections"] = ConnectionTarget.Schema(), ["messages"] = MessageTarget.Schema() },
        ["additionalProperties"] = false,
    };
}
