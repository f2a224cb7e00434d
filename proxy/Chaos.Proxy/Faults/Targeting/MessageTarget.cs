using System.Text.Json.Nodes;

namespace Chaos.Proxy.Faults;

/// <summary>Which items (chunks, frames) or, for ws_* faults, which messages a fault takes hold of.</summary>
/// <param name="Share">Share of them, by chance.</param>
/// <param name="Every">Each n-th; 0 for all.</param>
/// <param name="First">The first n on each connection and direction, counted from when the fault took hold; 0 for all.</param>
/// <param name="Opcodes">"text", "binary"; none for both.</param>
/// <param name="Match">JSON fields with patterns (* and ?) for their values.</param>
internal sealed record MessageTarget(double Share, int Every, int First, IReadOnlyList<string> Opcodes, IReadOnlyDictionary<string, string> Match)
{
    public static readonly MessageTarget All = new(1, 0, 0, [], new Dictionary<string, string>());

    /// <summary>It can only be told from a whole message.</summary>
    public bool NeedsMessages => Opcodes.Count > 0 || Match.Count > 0;

    public static MessageTarget Read(TargetReader? reader, List<string> errors)
    {
        if (reader is null) return All;
        reader.NothingElse("share", "every", "first", "opcodes", "match");
        return new MessageTarget(reader.Share("share"), reader.Count("every"), reader.Count("first"), reader.Words("opcodes", ["text", "binary"]), reader.Texts("match"));
    }

    /// <summary>Takes hold of an item by its number: a pure function of key and ordinal.</summary>
    /// <param name="item">Ordinal on the connection and direction, from 0.</param>
    /// <param name="first">Ordinal of the first item since the fault took hold.</param>
    public bool Takes(StreamKey key, long item, long first) =>
        (Every == 0 || (item + 1) % Every == 0) && (First == 0 || item - first < First)
        && (Share >= 1 || new RandomStream(key.At(item).NextBits() ^ 0x3C6EF372FE94F82B).NextUnit() < Share);

    public JsonObject? ToJson()
    {
        var json = new JsonObject();
        if (Share < 1) json["share"] = Share;
        if (Every > 0) json["every"] = Every;
        if (First > 0) json["first"] = First;
        if (Opcodes.Count > 0) json["opcodes"] = new JsonArray([.. Opcodes.Select(opcode => (JsonNode)opcode)]);
        if (Match.Count > 0) json["match"] = new JsonObject(Match.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value)));
        return json.Count > 0 ? json : null;
    }

    public static JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["share"] = new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1, ["default"] = 1, ["description"] = "Share of the items, by chance (seeded)." },
            ["every"] = ConnectionTarget.Whole("Each n-th item of a connection and direction."),
            ["first"] = ConnectionTarget.Whole("The first n items of a connection and direction, counted from when the fault took hold."),
            ["opcodes"] = new JsonObject
            {
                ["type"] = "array", ["items"] = new JsonObject { ["enum"] = new JsonArray("text", "binary") }, ["description"] = "Kinds of messages (ws_* faults).",
            },
            ["match"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "JSON fields of the message and patterns (* and ?) for their values (ws_* faults). A name matches at any depth, a path such as push.channel from the top; method also matches the name of a top-level member (publish, subscribe, push).",
                ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
            },
        },
        ["additionalProperties"] = false,
    };
}
