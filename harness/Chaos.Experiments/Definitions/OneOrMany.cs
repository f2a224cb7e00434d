using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chaos.Experiments.Definitions;

/// <summary>A list of texts that journals of earlier versions hold as one text.</summary>
internal sealed class OneOrMany : JsonConverter<IReadOnlyList<string>>
{
    /// <inheritdoc />
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? [reader.GetString()!] : JsonSerializer.Deserialize<string[]>(ref reader, options) ?? throw new JsonException("A list of texts is null.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, options);
}
