using System.IO.Enumeration;
using System.Text.Json;

namespace Chaos.Proxy.WebSockets.Messages;

/// <summary>
/// Finds JSON fields in a message. A message may hold several values, one a line. A name is looked for at any depth, a path
/// (push.channel) from the top; "method" is also the name of a member of the top object, as in
/// <c>{"id":1,"publish":{…}}</c>.
/// </summary>
internal static class MessageFields
{
    private const string Method = "method";

    /// <summary>Some value of the message fits every pattern.</summary>
    public static bool Match(ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, string> patterns)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                using var value = JsonDocument.ParseValue(ref reader);
                var missing = new HashSet<string>(patterns.Keys, StringComparer.Ordinal);
                Look(value.RootElement, "", "", patterns, missing);
                if (missing.Count == 0) return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON (any more), or half a surrogate pair, which is no text: what came before was looked at.
        }
        return false;
    }

    private static void Look(JsonElement value, string name, string path, IReadOnlyDictionary<string, string> patterns, HashSet<string> missing)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    if (path.Length == 0) Check(Method, member.Name, patterns, missing);
                    Look(member.Value, member.Name, path.Length == 0 ? member.Name : $"{path}.{member.Name}", patterns, missing);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Look(item, name, path, patterns, missing);
                break;
            default:
                var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                Check(name, text, patterns, missing);
                if (path != name) Check(path, text, patterns, missing);
                break;
        }
    }

    private static void Check(string field, string value, IReadOnlyDictionary<string, string> patterns, HashSet<string> missing)
    {
        if (patterns.TryGetValue(field, out var pattern) && FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false)) missing.Remove(field);
    }
}
