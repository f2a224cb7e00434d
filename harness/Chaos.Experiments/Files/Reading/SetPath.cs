using System.Globalization;
using System.Text.Json.Nodes;

namespace Chaos.Experiments.Files.Reading;

/// <summary>One step of the key of <c>--set</c>: a member, or an entry of a list by its number or its name.</summary>
internal readonly record struct SetStep(string Name, bool Bracketed)
{
    /// <summary>Position of the entry that this step means; -1 when there is none.</summary>
    public int IndexIn(JsonArray items)
    {
        if (int.TryParse(Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return index < items.Count ? index : -1;
        var name = Name;
        return items.Select((item, i) => (item, i)).FirstOrDefault(e => e.item is JsonObject o && (Is(o["name"], name) || Is(o["id"], name)), (null, -1)).i;
    }

    private static bool Is(JsonNode? node, string name) => node is JsonValue value && value.TryGetValue<string>(out var text) && text == name;
}

/// <summary>The key of <c>--set</c>: <c>fleet.count</c>, <c>timeline.faults[0].for</c>, <c>timeline.faults[refused].for</c>.</summary>
internal static class SetPath
{
    /// <summary>Reads a key.</summary>
    /// <returns>Null when it is malformed.</returns>
    public static IReadOnlyList<SetStep>? Parse(string key)
    {
        var steps = new List<SetStep>();
        foreach (var part in key.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0 || name.Contains(']', StringComparison.Ordinal)) return null;
            steps.Add(new SetStep(name, false));
            for (var rest = bracket < 0 ? "" : part[bracket..]; rest.Length > 0;)
            {
                var end = rest.IndexOf(']', StringComparison.Ordinal);
                if (rest[0] != '[' || end < 2) return null;
                steps.Add(new SetStep(rest[1..end], true));
                rest = rest[(end + 1)..];
            }
        }

        return steps.Count <= YamlLimits.Depth ? steps : null;
    }
}
