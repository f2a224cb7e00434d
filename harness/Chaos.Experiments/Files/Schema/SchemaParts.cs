using System.Text.Json.Nodes;

namespace Chaos.Experiments.Files.Schema;

/// <summary>Small pieces that the published schemas are made of (JSON Schema, draft 2020-12).</summary>
internal static class SchemaParts
{
    public const string Dialect = "https://json-schema.org/draft/2020-12/schema";
    public const string DurationDef = "duration";
    public const string SignedDurationDef = "signed_duration";
    public const string NamePattern = "^[a-z0-9]+([._-][a-z0-9]+)*$";

    /// <summary>An object that knows the given keys and no others.</summary>
    public static JsonObject Object(string description, string[] required, params (string Key, JsonNode Schema)[] properties)
    {
        var schema = new JsonObject { ["type"] = "object", ["description"] = description };
        if (required.Length > 0) schema["required"] = Strings(required);
        schema["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Schema)));
        schema["additionalProperties"] = false;
        return schema;
    }

    /// <summary>A published schema: the object that a file holds, and the definitions that it refers to.</summary>
    public static JsonObject Document(string title, JsonObject schema, JsonObject defs) => new()
    {
        ["$schema"] = Dialect,
        ["title"] = title,
        ["type"] = "object",
        ["description"] = schema["description"]!.DeepClone(),
        ["required"] = schema["required"]!.DeepClone(),
        ["properties"] = schema["properties"]!.DeepClone(),
        ["additionalProperties"] = false,
        ["$defs"] = defs,
    };

    public static JsonObject Text(string description, string? @default = null)
    {
        var schema = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 500, ["description"] = description };
        if (@default is not null) schema["default"] = @default;
        return schema;
    }

    /// <summary>Two names.</summary>
    public static JsonObject Pair(string description) => new()
    {
        ["type"] = "array", ["description"] = description, ["items"] = Text("Name of a region."), ["minItems"] = 2, ["maxItems"] = 2,
    };

    /// <summary>A lower-case name with dashes, underscores or dots.</summary>
    public static JsonObject Name(string description) => new()
    {
        ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 80, ["pattern"] = NamePattern, ["description"] = description,
    };

    public static JsonObject Whole(string description, long min, long max, long? @default = null) => Range("integer", description, min, max, @default);

    public static JsonObject Number(string description, double min, double max, double? @default = null) => Range("number", description, min, max, @default);

    public static JsonObject TrueUnless(string description) => new() { ["type"] = "boolean", ["default"] = true, ["description"] = description };

    public static JsonObject Duration(string description, DurationRange range, string? @default = null)
    {
        var schema = new JsonObject
        {
            ["$ref"] = "#/$defs/" + (range.Min < TimeSpan.Zero ? SignedDurationDef : DurationDef),
            ["description"] = $"{description} {range}{(@default is null ? "" : $"; {@default} by default")}.",
        };
        if (@default is not null) schema["default"] = @default;
        return schema;
    }

    public static JsonObject Enum(string title, string description, IEnumerable<string> values, string? @default = null)
    {
        var schema = new JsonObject { ["title"] = title, ["type"] = "string", ["enum"] = Strings([.. values]), ["description"] = description };
        if (@default is not null) schema["default"] = @default;
        return schema;
    }

    public static JsonObject List(string description, JsonObject items, int min = 0, int max = 1000)
    {
        var schema = new JsonObject { ["type"] = "array", ["description"] = description, ["items"] = items };
        if (min > 0) schema["minItems"] = min;
        schema["maxItems"] = max;
        return schema;
    }

    public static JsonObject Ref(string def, string? description = null)
    {
        var schema = new JsonObject { ["$ref"] = "#/$defs/" + def };
        if (description is not null) schema["description"] = description;
        return schema;
    }

    /// <summary>Applies <paramref name="then"/> where <paramref name="key"/> is <paramref name="value"/>.</summary>
    public static JsonObject When(string key, string value, JsonObject then) => new()
    {
        ["if"] = new JsonObject { ["properties"] = new JsonObject { [key] = new JsonObject { ["const"] = value } }, ["required"] = Strings(key) },
        ["then"] = then,
    };

    public static JsonArray Strings(params string[] values) => [.. values.Select(v => (JsonNode)v)];

    /// <summary>The two definitions that <see cref="Duration"/> refers to.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> DurationDefs =>
    [
        KeyValuePair.Create(DurationDef, (JsonNode?)new JsonObject
        {
            ["type"] = "string", ["pattern"] = Durations.Pattern, ["description"] = "A number with its unit: ms, s, m or h.",
            ["examples"] = Strings("250ms", "3s", "2m"),
        }),
        KeyValuePair.Create(SignedDurationDef, (JsonNode?)new JsonObject
        {
            ["type"] = "string", ["pattern"] = Durations.SignedPattern, ["description"] = "A number with its unit: ms, s, m or h; it may be negative.",
            ["examples"] = Strings("60s", "-1s"),
        }),
    ];

    /// <summary>A copy of a schema made elsewhere, fit to stand at <paramref name="pointer"/> (such as <c>#/$defs/gateway</c>):
    /// its references to itself are moved along.</summary>
    public static JsonObject Embed(JsonObject schema, string pointer)
    {
        var copy = (JsonObject)schema.DeepClone();
        copy.Remove("$schema");
        copy.Remove("$id");
        MoveReferences(copy, pointer);
        SchemaWords.Complete(copy);
        return copy;
    }

    private static void MoveReferences(JsonNode? node, string pointer)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"] is JsonValue value && value.TryGetValue<string>(out var target) && target.StartsWith('#')) members["$ref"] = pointer + target[1..];
                foreach (var (_, member) in members) MoveReferences(member, pointer);
                break;
            case JsonArray items:
                foreach (var item in items) MoveReferences(item, pointer);
                break;
        }
    }

    private static JsonObject Range<T>(string type, string description, T min, T max, T? @default) where T : struct
    {
        var schema = new JsonObject { ["type"] = type, ["minimum"] = JsonValue.Create(min), ["maximum"] = JsonValue.Create(max), ["description"] = description };
        if (@default is { } value) schema["default"] = JsonValue.Create(value);
        return schema;
    }
}
