using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>Builds the frame of a step.</summary>
internal static class ScriptFrame
{
    /// <summary>The messages joined by newlines, as the journal shows them: with <c>$name</c> in place of tokens, which are secrets.</summary>
    public static string Show(IReadOnlyList<JsonNode> messages) => string.Join('\n', messages.Select(message => message.ToJsonString()));

    /// <summary>The messages joined by newlines, with every string <c>$name</c> that names a token replaced by it.</summary>
    public static string Build(IReadOnlyList<JsonNode> messages, IReadOnlyDictionary<string, string> tokens) =>
        string.Join('\n', messages.Select(message => Replace(message, tokens)!.ToJsonString()));

    private static JsonNode? Replace(JsonNode? node, IReadOnlyDictionary<string, string> tokens) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Replace(member.Value, tokens)))),
        JsonArray items => new JsonArray([.. items.Select(item => Replace(item, tokens))]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith('$') && tokens.TryGetValue(text[1..], out var token) => token,
        _ => node?.DeepClone(),
    };
}
