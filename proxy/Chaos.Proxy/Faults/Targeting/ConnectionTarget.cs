using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Chaos.Proxy.Faults;

/// <summary>Which connections a fault takes hold of.</summary>
/// <param name="Every">Each n-th of those that fit; 0 for all.</param>
/// <param name="First">The first n of those that fit, counted from the fault's start (open connections count, oldest first); 0 for all.</param>
/// <param name="Labels">Patterns (* and ?) that labels must fit.</param>
/// <param name="MaxActive">Most connections that it holds at once; 0 for no limit.</param>
internal sealed record ConnectionTarget(int Every, int First, IReadOnlyDictionary<string, string> Labels, int MaxActive)
{
    public static readonly ConnectionTarget All = new(0, 0, new Dictionary<string, string>(), 0);

    private static readonly string[] Known = ["path", "region", "client", "subprotocol", "method"];
    private static readonly string[] Prefixes = ["query.", "header.", "label."];

    public static ConnectionTarget Read(TargetReader? reader, List<string> errors)
    {
        if (reader is null) return All;
        var labels = reader.Texts("labels");
        foreach (var label in labels.Keys)
        {
            if (!Known.Contains(label, StringComparer.Ordinal) && !Prefixes.Any(prefix => label.StartsWith(prefix, StringComparison.Ordinal) && label.Length > prefix.Length))
                errors.Add($"{reader.Path}.labels.{label} is unknown; known are: {string.Join(", ", Known)}, {string.Join(", ", Prefixes.Select(prefix => prefix + "NAME"))}");
        }
        reader.NothingElse("every", "first", "labels", "max_active");
        return new ConnectionTarget(reader.Count("every"), reader.Count("first"), labels, reader.Count("max_active"));
    }

    /// <summary>Its labels fit.</summary>
    /// <param name="valueOf">Value of a label of the connection; null where it has none.</param>
    public bool Fits(Func<string, string?> valueOf)
    {
        foreach (var (label, pattern) in Labels)
        {
            if (valueOf(label) is not { } value || !FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false)) return false;
        }
        return true;
    }

    /// <summary>A connection that fits is taken, being the n-th of those (from 1).</summary>
    public bool Takes(long n) => (Every == 0 || n % Every == 0) && (First == 0 || n <= First);

    public JsonObject? ToJson()
    {
        var json = new JsonObject();
        if (Every > 0) json["every"] = Every;
        if (First > 0) json["first"] = First;
        if (Labels.Count > 0) json["labels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        if (MaxActive > 0) json["max_active"] = MaxActive;
        return json.Count > 0 ? json : null;
    }

    public static JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["every"] = Whole("Each n-th of the connections that fit."),
            ["first"] = Whole("The first n of the connections that fit, counted from the fault's start; open ones count, oldest first."),
            ["labels"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "Patterns (* and ?) that labels must fit: path, region, client, subprotocol, method, query.NAME, header.NAME (as they came with the handshake), label.NAME (of the proxy).",
                ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
            },
            ["max_active"] = Whole("Most connections that the fault holds at once."),
        },
        ["additionalProperties"] = false,
    };

    internal static JsonObject Whole(string description) => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = int.MaxValue, ["description"] = description };
}
