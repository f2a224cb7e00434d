using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Experiments.Files.Reading;

namespace Chaos.Experiments.Files.Schema;

/// <summary>Turns failed keywords into messages with hints.</summary>
internal sealed class SchemaPhrases(JsonObject root, SourceMap map, string subject)
{
    private const string DurationHint = "Write a number with its unit, such as 250ms, 3s or 2m.";

    /// <summary>What a value is, in words.</summary>
    public static string Kind(JsonNode? value) => value switch
    {
        null => "empty",
        JsonObject => "a mapping",
        JsonArray => "a list",
        JsonValue v when v.TryGetValue<bool>(out _) => "true or false",
        JsonValue v when v.TryGetValue<string>(out var text) => $"text ('{Words.Shown(text)}')",
        _ => $"a number ({value.ToJsonString()})",
    };

    /// <summary>The errors that a failure comes to: mostly one; none when it follows from an unknown key that is reported itself.</summary>
    /// <param name="unknown">The unknown keys of the document.</param>
    public IEnumerable<FileError> Errors(SchemaFailure failure, IReadOnlyList<SchemaFailure> unknown)
    {
        if (failure.Keyword == "required") return Missing(failure, unknown);
        if (failure.Keyword.Length == 0) return [UnknownKey(failure)];
        var (message, hint) = Phrase(failure, Node(failure.Pointer));
        return [map.Value(failure.Pointer).Error(message, hint)];
    }

    private FileError UnknownKey(SchemaFailure failure)
    {
        var key = Pointers.Split(failure.Pointer)[^1];
        var parent = Pointers.Parent(failure.Pointer);
        var around = parent.Length == 0 ? "" : $" in {Pointers.Shown(parent)}";
        return map.Key(failure.Pointer).Error($"unknown key '{Words.Shown(key)}'{around}",
            Keys(failure.Holder) is { Count: > 0 } keys ? Words.Suggest(key, keys, "keys") : "No key may be here; remove it.");
    }

    private IEnumerable<FileError> Missing(SchemaFailure failure, IReadOnlyList<SchemaFailure> unknown)
    {
        var present = Node(failure.Pointer) as JsonObject ?? [];
        var missing = (failure.Schema?["required"] as JsonArray ?? [])
            .Select(k => k!.GetValue<string>())
            .Where(k => !present.ContainsKey(k))
            // A key that is only misspelt is told once, as an unknown key.
            .Where(k => !unknown.Any(u => Pointers.Parent(u.Pointer) == failure.Pointer && Words.Nearest(Pointers.Split(u.Pointer)[^1], Keys(u.Holder)) == k))
            .ToList();
        if (missing.Count == 0) yield break;
        var hint = Description(failure.Schema?["properties"]?[missing[0]] as JsonObject)
            ?? $"Add '{missing[0]}:'.";
        yield return map.Key(failure.Pointer).Error($"{Named(failure.Pointer)} lacks {Words.Quoted(missing)}", missing.Count == 1 || !hint.EndsWith('.') ? hint : $"{missing[0]}: {hint}");
    }

    private (string Message, string Hint) Phrase(SchemaFailure failure, JsonNode? value)
    {
        var (pointer, keyword, schema) = (failure.Pointer, failure.Keyword, failure.Schema ?? []);
        var name = Named(pointer);
        var described = Description(schema);
        if (schema["pattern"]?.GetValue<string>() is Durations.Pattern or Durations.SignedPattern) return Duration(name, value);
        var hint = described ?? "See the schema in experiments/schema.";
        switch (keyword)
        {
            case "type" when value is null:
                return ($"{name} is empty", described ?? "Give it a value, or remove the line.");
            case "type" when schema["type"]?.ToString() == "integer" && value is JsonValue v && Number(v) is not null:
                return ($"{name} must be a whole number, not {Literal(value)}", hint);
            case "type":
                return ($"{name} must be {Types(schema["type"])}, not {Kind(value)}", hint);
            case "enum" when value is JsonValue v && v.TryGetValue<string>(out var word) && schema["enum"] is JsonArray choices && choices.All(c => c is JsonValue s && s.TryGetValue<string>(out _)):
                var known = choices.Select(c => c!.GetValue<string>()).ToList();
                var noun = schema["title"]?.GetValue<string>() ?? Pointers.Split(pointer)[^1];
                return ($"unknown {noun} '{Words.Shown(word)}'", known.Count == 1 ? $"Only '{known[0]}' is known." : Words.Suggest(word, known, "here"));
            case "enum" when schema["enum"] is JsonArray values:
                return ($"{name} cannot be {(value is JsonValue ? Literal(value) : Kind(value))}", $"It may be {Words.List([.. values.Select(Literal)])}.");
            case "const":
                return ($"{name} must be {Literal(schema["const"])}", hint);
            case "minimum" or "exclusiveMinimum":
                return ($"{name} is too small: {Literal(value)} is below {Limit(schema[keyword])}", hint);
            case "maximum" or "exclusiveMaximum":
                return ($"{name} is too large: {Literal(value)} is above {Limit(schema[keyword])}", hint);
            case "minLength" when value is JsonValue s && s.TryGetValue<string>(out var text) && text.Length == 0:
            case "minItems" when value is JsonArray { Count: 0 }:
                return ($"{name} is empty", hint);
            case "minLength" or "minItems" or "minProperties":
                return ($"{name} has too few {Counted(keyword)}, at least {Limit(schema[keyword])} are needed", hint);
            case "maxLength" or "maxItems" or "maxProperties":
                return ($"{name} has too many {Counted(keyword)}, at most {Limit(schema[keyword])} are allowed", hint);
            case "pattern":
                return ($"{name} is not well formed: '{Words.Shown(value is JsonValue p && p.TryGetValue<string>(out var shape) ? shape : Pointers.Split(pointer)[^1])}'", hint);
            case "uniqueItems":
                return ($"{name} has an entry twice", "Keep one.");
            default:
                return ($"{name} is not as it must be ({keyword})", hint);
        }
    }

    private static (string, string) Duration(string name, JsonNode? value) => value switch
    {
        null => ($"{name} is empty", DurationHint),
        JsonValue v when v.TryGetValue<string>(out var text) => text.StartsWith('-') && Durations.TryParse(text, out _)
            ? ($"{name} is negative: '{Words.Shown(text)}'", "A duration is 0s or longer.")
            : ($"{name} is no duration: '{Words.Shown(text)}'", DurationHint),
        JsonValue v when v.TryGetValue<bool>(out _) => ($"{name} is no duration: {Literal(value)}", DurationHint),
        JsonValue v when Number(v) is < 0 => ($"{name} is negative and has no unit: {Literal(value)}", DurationHint),
        JsonValue v when Number(v) is <= 1e6 and var number =>
            ($"{name} has no unit: {Literal(value)}", $"Write {Literal(value)}s or {Shown(number * 1000)}ms."),
        JsonValue => ($"{name} has no unit: {Literal(value)}", DurationHint),
        _ => ($"{name} must be a duration, not {Kind(value)}", DurationHint),
    };

    private string Named(string pointer) => pointer.Length == 0 ? subject : Pointers.Shown(pointer);

    private JsonNode? Node(string pointer)
    {
        JsonNode? node = root;
        foreach (var part in Pointers.Split(pointer))
        {
            node = node switch
            {
                JsonObject members => members[part],
                JsonArray items when int.TryParse(part, out var index) && index < items.Count => items[index],
                _ => null,
            };
        }

        return node;
    }

    private static List<string> Keys(JsonObject? holder) => holder?["properties"] is JsonObject properties ? [.. properties.Select(p => p.Key)] : [];

    // The first line only: the others list the choices, for editors.
    private static string? Description(JsonObject? schema) => schema?["description"]?.GetValue<string>().Split('\n')[0] is { Length: > 0 } text
        ? text.EndsWith('.') ? text : text + "."
        : null;

    private static string Types(JsonNode? type) => type is JsonArray several
        ? string.Join(" or ", several.Select(t => TypeName(t?.GetValue<string>())))
        : TypeName(type?.GetValue<string>());

    private static string TypeName(string? type) => type switch
    {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "null" => "empty",
        _ => "something else",
    };

    private static string Counted(string keyword) => keyword switch
    {
        "minItems" or "maxItems" => "entries",
        "minProperties" or "maxProperties" => "keys",
        _ => "characters",
    };

    private static string Literal(JsonNode? value) => value is JsonValue v && v.TryGetValue<string>(out var text) ? $"'{Words.Shown(text)}'"
        : Words.Shown(value?.ToJsonString() ?? "null");

    private static string Limit(JsonNode? value) => value is JsonValue v && Number(v) is { } number ? Shown(number) : Literal(value);

    private static double? Number(JsonValue value) => value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static string Shown(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
