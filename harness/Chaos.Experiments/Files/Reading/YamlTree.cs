namespace Chaos.Experiments.Files.Reading;

/// <summary>A node of a YAML document, with its place.</summary>
internal abstract record YamlValue(Place Place);

/// <summary>Text, number, truth value or nothing.</summary>
internal sealed record YamlScalar(Place Place, string Text, bool Plain) : YamlValue(Place);

/// <summary>A list.</summary>
internal sealed record YamlList(Place Place, List<YamlValue> Items) : YamlValue(Place);

/// <summary>A mapping, its keys in order.</summary>
internal sealed record YamlMapping(Place Place, List<YamlEntry> Entries) : YamlValue(Place);

/// <summary>A key with its value.</summary>
internal sealed record YamlEntry(string Key, Place Place, YamlValue Value);

/// <summary>Limits that keep a small file from becoming a large document.</summary>
internal static class YamlLimits
{
    /// <summary>Deepest nesting.</summary>
    public const int Depth = 32;

    /// <summary>Most values, each use of an alias counted.</summary>
    public const int Values = 20_000;
}
