using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Chaos.Load.Scripts;

/// <summary>
/// What the strings of a script stand for: <c>$name</c> for a token, <c>${name}</c> for what an earlier step captured. A string that is
/// nothing but <c>${name}</c> becomes the captured value with its type, so that a captured offset stays a number.
/// </summary>
public sealed partial class ScriptVariables
{
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonNode> _captured = new(StringComparer.Ordinal);

    /// <summary>Sets the token <paramref name="name"/>.</summary>
    public void AddToken(string name, string token) => _tokens[name] = token;

    /// <summary>Takes values out of a message: name → members joined by dots. One that is not there is passed over and stays unresolved.</summary>
    public void Capture(IReadOnlyDictionary<string, string>? capture, JsonNode? message)
    {
        foreach (var (name, path) in capture ?? new Dictionary<string, string>())
        {
            if (Find(message, path) is { } value) _captured[name] = value.DeepClone();
        }
    }

    /// <summary>The node with all strings resolved; what names nothing stays as it is.</summary>
    public JsonNode? Resolve(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Resolve(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Resolve)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Text(text),
        _ => node?.DeepClone(),
    };

    /// <summary>The messages joined by newlines, resolved: one frame.</summary>
    public string Frame(IReadOnlyList<JsonNode> messages) => string.Join('\n', messages.Select(message => Resolve(message)!.ToJsonString()));

    private JsonNode Text(string text)
    {
        if (text.StartsWith('$') && _tokens.TryGetValue(text[1..], out var token)) return JsonValue.Create(token);
        if (Whole().Match(text) is { Success: true } whole && _captured.TryGetValue(whole.Groups[1].Value, out var value)) return value.DeepClone();
        return JsonValue.Create(Name().Replace(text, match => _captured.TryGetValue(match.Groups[1].Value, out var part) ? part.ToString() : match.Value));
    }

    private static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (var member in path.Split('.')) node = node is JsonObject members ? members[member] : null;
        return node;
    }

    /// <summary>A captured value within a text: its name is the first group.</summary>
    [GeneratedRegex(@"\$\{([A-Za-z][A-Za-z0-9_-]*)\}", RegexOptions.CultureInvariant)]
    public static partial Regex Name();

    [GeneratedRegex(@"^\$\{([A-Za-z][A-Za-z0-9_-]*)\}$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
