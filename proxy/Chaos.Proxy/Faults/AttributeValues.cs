using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Proxy.Faults;

/// <summary>Attributes of a fault after validation, with defaults filled in.</summary>
internal sealed class AttributeValues
{
    private readonly JsonObject _values;

    private AttributeValues(JsonObject values) => _values = values;

    /// <summary>As JSON, for answers of the API.</summary>
    public JsonObject ToJson() => (JsonObject)_values.DeepClone();

    public bool Has(string name) => _values[name] is not null;

    public double Number(string name) => _values[name]!.GetValue<JsonElement>().GetDouble();

    public int Integer(string name) => (int)Number(name);

    public bool Flag(string name) => _values[name]!.GetValue<JsonElement>().GetBoolean();

    public string Text(string name) => _values[name]!.GetValue<JsonElement>().GetString()!;

    /// <summary>Validates <paramref name="given"/> against the declared attributes; adds every error it finds.</summary>
    /// <param name="strict">Unknown names are errors (the harness' own routes); else they are ignored, as Toxiproxy does.</param>
    public static AttributeValues Read(IReadOnlyList<AttributeSpec> specs, JsonObject? given, bool strict, List<string> errors)
    {
        var values = new JsonObject();
        foreach (var spec in specs)
        {
            var value = Find(given, spec.Name) ?? spec.Default;
            if (value is null)
            {
                if (spec.Required) errors.Add($"attribute {spec.Name} is required: {spec.Description}");
                continue;
            }
            // All values go through their text once, so that they are read in one way whatever they came from.
            var element = JsonSerializer.SerializeToElement(value);
            if (Check(spec, element) is { } error) errors.Add(error);
            else values[spec.Name] = JsonValue.Create(element);
        }
        if (strict && given is not null)
        {
            foreach (var (name, _) in given)
            {
                if (!specs.Any(spec => spec.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                    errors.Add($"attribute {name} is unknown; known are: {string.Join(", ", specs.Select(spec => spec.Name))}");
            }
        }
        return new AttributeValues(values);
    }

    private static JsonNode? Find(JsonObject? given, string name)
    {
        if (given is null) return null;
        foreach (var (key, value) in given)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        }
        return null;
    }

    private static string? Check(AttributeSpec spec, JsonElement value)
    {
        switch (spec.Kind)
        {
            case AttributeKind.Boolean:
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Mismatch(spec, value);
            case AttributeKind.Text:
                if (value.ValueKind != JsonValueKind.String) return Mismatch(spec, value);
                var text = value.GetString()!;
                if (spec.Choices is not null && !spec.Choices.Contains(text, StringComparer.Ordinal))
                    return $"attribute {spec.Name} must be one of {string.Join(", ", spec.Choices)}, not {text}";
                return Encoding.UTF8.GetByteCount(text) > spec.MaxBytes
                    ? $"attribute {spec.Name} must be at most {spec.MaxBytes} bytes long"
                    : null;
            default:
                if (value.ValueKind != JsonValueKind.Number) return Mismatch(spec, value);
                var number = value.GetDouble();
                if (spec.Kind == AttributeKind.Integer && number != Math.Floor(number)) return Mismatch(spec, value);
                return number >= spec.Min && number <= spec.Max
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"attribute {spec.Name} must be from {spec.Min} to {spec.Max}, not {value.GetRawText()}");
        }
    }

    private static string Mismatch(AttributeSpec spec, JsonElement value)
    {
        var raw = value.GetRawText();
        return $"attribute {spec.Name} must be of type {spec.TypeName}, not {(raw.Length > 40 ? raw[..40] + "…" : raw)}";
    }
}
