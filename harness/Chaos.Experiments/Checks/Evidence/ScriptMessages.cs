using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>What a step of a script received, message by message.</summary>
internal static class ScriptMessages
{
    /// <summary>The messages of all frames. One that is no JSON comes as a text: it matches nothing, and breaks silence like any other.</summary>
    public static IEnumerable<JsonNode> Of(ScriptStep step) =>
        step.Received.SelectMany(frame => frame.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(Parse);

    private static JsonNode Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) ?? JsonValue.Create("null");
        }
        catch (JsonException)
        {
            return JsonValue.Create(line);
        }
    }
}
