using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Experiments.Files.Schema;

/// <summary>Completes schemas that were made elsewhere for people: ranges and defaults in words, and no unknown keys.</summary>
internal static class SchemaWords
{
    // A bound this far out only says that there is none.
    private const double Unbounded = 1e9;

    /// <summary>Changes a schema and all below it.</summary>
    public static void Complete(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items) Complete(item);
                break;
            case JsonObject schema:
                if (schema["properties"] is JsonObject && !schema.ContainsKey("additionalProperties")) schema["additionalProperties"] = false;
                if (schema["description"] is JsonValue value && value.TryGetValue<string>(out var text)) schema["description"] = Described(text, schema);
                foreach (var (key, below) in schema.ToList())
                {
                    if (key is not ("default" or "examples" or "enum" or "const")) Complete(below);
                }

                break;
        }
    }

    private static string Described(string text, JsonObject schema)
    {
        var parts = new List<string>();
        var (min, max) = (Number(schema["minimum"]), Number(schema["maximum"]));
        if (min is { } low && (max is null or >= Unbounded) && !Says(text, low)) parts.Add($"{Shown(low)} or more");
        else if (min is { } from && max is { } to and < Unbounded && !Says(text, to)) parts.Add($"{Shown(from)} to {Shown(to)}");
        if (schema["default"] is JsonValue preset && !text.Contains("by default", StringComparison.Ordinal)) parts.Add($"{Preset(preset)} by default");
        return parts.Count == 0 ? text : $"{text.TrimEnd('.')}. {string.Join("; ", parts)}.";
    }

    private static bool Says(string text, double number) => text.Contains(Shown(number), StringComparison.Ordinal) || text.Contains(number.ToString("#,##0.######", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string Preset(JsonValue value) => value.TryGetValue<string>(out var text) ? (text.Length == 0 ? "empty" : text) : Number(value) is { } number ? Shown(number) : value.ToJsonString();

    private static double? Number(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    // Four digits are often a code, such as 1011, and read better closed up.
    private static string Shown(double number) => number.ToString(Math.Abs(number) < 10_000 ? "0.######" : "#,##0.######", CultureInfo.InvariantCulture);
}
