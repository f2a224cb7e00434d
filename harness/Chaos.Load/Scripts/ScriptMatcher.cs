using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>Compares what came with what a script expects.</summary>
public static class ScriptMatcher
{
    /// <summary>
    /// True when every member of <paramref name="expected"/> is in <paramref name="actual"/> and matches it in turn; members that
    /// are not expected do not matter, so <c>{}</c> matches any object. Arrays match element by element and must be of one length.
    /// Numbers are compared by value (1 equals 1.0). An expected null matches null and a member that is absent.
    /// </summary>
    public static bool Matches(JsonNode? expected, JsonNode? actual) => expected switch
    {
        null => actual is null,
        JsonObject members => actual is JsonObject found && members.All(member => Matches(member.Value, found[member.Key])),
        JsonArray items => actual is JsonArray found && items.Count == found.Count && items.Zip(found).All(pair => Matches(pair.First, pair.Second)),
        JsonValue value => actual is JsonValue found && Same(value, found),
        _ => false,
    };

    private static bool Same(JsonValue expected, JsonValue actual)
    {
        var kind = expected.GetValueKind();
        if (kind != actual.GetValueKind()) return false;
        return kind switch
        {
            JsonValueKind.String => expected.GetValue<string>() == actual.GetValue<string>(),
            JsonValueKind.Number => Number(expected) == Number(actual),
            _ => true,
        };
    }

    // Through the text: a JsonValue made from an int does not convert to decimal by itself.
    private static decimal Number(JsonValue value) =>
        decimal.Parse(value.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
}
