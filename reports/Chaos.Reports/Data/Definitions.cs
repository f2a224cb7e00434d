using System.Text.Json;

namespace Chaos.Reports.Data;

/// <summary>Reads members of an experiment's definition; null where the path does not exist or has another type.</summary>
internal static class Definitions
{
    public static string? Text(JsonElement root, params ReadOnlySpan<string> path) =>
        Find(root, path) is { ValueKind: JsonValueKind.String } e ? e.GetString() : null;

    public static double? Number(JsonElement root, params ReadOnlySpan<string> path) =>
        Find(root, path) is { ValueKind: JsonValueKind.Number } e ? e.GetDouble() : null;

    /// <summary>The <c>during</c> of an expectation, by its id.</summary>
    public static string? During(JsonElement root, string expectationId) => Expectation(root, expectationId) is { } e ? Text(e, "during") : null;

    /// <summary>An option of an expectation's check that is a text, by the expectation's id.</summary>
    public static string? Option(JsonElement root, string expectationId, string option) =>
        Expectation(root, expectationId) is { } e ? Text(e, "options", option) : null;

    private static JsonElement? Expectation(JsonElement root, string id)
    {
        if (Find(root, "expectations") is not { ValueKind: JsonValueKind.Array } list) return null;
        foreach (var item in list.EnumerateArray())
        {
            if (Text(item, "id") == id) return item;
        }

        return null;
    }

    private static JsonElement? Find(JsonElement root, params ReadOnlySpan<string> path)
    {
        var at = root;
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
        }

        return at;
    }
}
