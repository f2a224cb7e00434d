using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Proxy.Faults;

/// <summary>Reads one object of a target strictly: what is unknown or of a wrong type is an error with its path.</summary>
internal sealed class TargetReader(string path, JsonObject json, List<string> errors)
{
    public string Path { get; } = path;

    public TargetReader? Object(string name) => json[name] switch
    {
        null => null,
        JsonObject inner => new TargetReader($"{Path}.{name}", inner, errors),
        _ => Fail<TargetReader>(name, "must be an object"),
    };

    public int Count(string name) => (int)Number(name, 1, int.MaxValue, 0, whole: true);

    public double Share(string name) => Number(name, 0, 1, 1, whole: false);

    /// <summary>Values of an object as texts: numbers and truth values as JSON writes them.</summary>
    public Dictionary<string, string> Texts(string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in json[name] as JsonObject ?? (json[name] is null ? [] : Fail<JsonObject>(name, "must be an object") ?? []))
        {
            if (value is JsonValue scalar) texts[key] = scalar.GetValueKind() == JsonValueKind.String ? scalar.GetValue<string>() : scalar.ToJsonString();
            else errors.Add($"{Path}.{name}.{key} must be a string, a number or a truth value");
        }
        return texts;
    }

    /// <summary>Words of a list.</summary>
    public string[] Words(string name, string[] known)
    {
        if (json[name] is not { } node) return [];
        var words = (node as JsonArray)?.Select(item => item is JsonValue value && value.TryGetValue<string>(out var word) ? word : null).ToArray();
        if (words is not null && words.All(word => known.Contains(word, StringComparer.Ordinal))) return words!;
        errors.Add($"{Path}.{name} must be a list of {string.Join(", ", known)}");
        return [];
    }

    public void NothingElse(params string[] known)
    {
        foreach (var (name, _) in json)
        {
            if (!known.Contains(name, StringComparer.Ordinal)) errors.Add($"{Path}.{name} is unknown; known are: {string.Join(", ", known)}");
        }
    }

    private double Number(string name, double min, double max, double missing, bool whole)
    {
        if (json[name] is not { } node) return missing;
        if (node.GetValueKind() == JsonValueKind.Number && node is JsonValue && JsonSerializer.SerializeToElement(node).GetDouble() is var number
            && number >= min && number <= max && (!whole || number == Math.Floor(number)))
            return number;
        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{Path}.{name} must be a {(whole ? "whole " : "")}number from {min} to {max}, not {node.ToJsonString()}"));
        return missing;
    }

    private T? Fail<T>(string name, string problem) where T : class
    {
        errors.Add($"{Path}.{name} {problem}");
        return null;
    }
}
