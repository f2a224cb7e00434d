using System.Text.Json;
using System.Text.Json.Serialization;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files;

/// <summary>
/// A definition as JSON, as the journal's <c>experiment.started</c> carries it: members in snake_case, durations as
/// <see cref="Durations"/> writes them, nothing lost.
/// </summary>
public static class DefinitionJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new DurationConverter() },
    };

    /// <summary>The definition as JSON.</summary>
    public static JsonElement ToJson(ExperimentDefinition definition) => JsonSerializer.SerializeToElement(definition, Options);

    /// <summary>The definition from JSON. Members that are not known are passed over, so that journals of newer versions can be read.</summary>
    /// <exception cref="JsonException">It is no definition.</exception>
    public static ExperimentDefinition FromJson(JsonElement json) =>
        json.Deserialize<ExperimentDefinition>(Options) ?? throw new JsonException("The definition is null.");

    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Durations.TryParse(reader.GetString(), out var value)
                ? value
                : throw new JsonException("A duration is a number with its unit, such as 3s.");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(Durations.Format(value));
    }
}
