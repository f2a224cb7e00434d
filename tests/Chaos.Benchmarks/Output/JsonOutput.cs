using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chaos.Benchmarks.Output;

/// <summary>Writes a report as indented JSON with snake_case names.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    public static void Write<T>(string? file, T report)
    {
        if (file is null) return;
        File.WriteAllText(file, JsonSerializer.Serialize(report, Options) + "\n");
    }
}
