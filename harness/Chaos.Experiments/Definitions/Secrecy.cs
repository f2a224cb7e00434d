using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chaos.Experiments.Definitions;

/// <summary>What stands in journals, and in commands that repeat a run, in place of what may be a secret.</summary>
public static class Secrecy
{
    /// <summary>The mark.</summary>
    public const string Mark = "…";

    /// <summary>An address without the values of its query: <c>ws://host/path?token=…</c>.</summary>
    public static string OfAddress(Uri address)
    {
        var bare = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (address.Query.Length <= 1) return bare;
        return $"{bare}?{string.Join('&', address.Query[1..].Split('&').Select(pair => pair.Split('=') is [var name, _, ..] ? $"{name}={Mark}" : Mark))}";
    }
}

/// <summary>An address, the values of its query left out.</summary>
internal sealed class WithoutQueryValues : JsonConverter<Uri>
{
    /// <inheritdoc />
    public override Uri Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Uri.TryCreate(reader.GetString(), UriKind.Absolute, out var address) ? address : throw new JsonException("An address is no URL.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Uri value, JsonSerializerOptions options) => writer.WriteStringValue(Secrecy.OfAddress(value));
}

/// <summary>Names, the values left out.</summary>
internal sealed class WithoutValues : JsonConverter<IReadOnlyDictionary<string, string>>
{
    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader, options) ?? [];

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var name in value.Keys) writer.WriteString(name, Secrecy.Mark);
        writer.WriteEndObject();
    }
}

/// <summary>A text of which only is told that it is there.</summary>
internal sealed class Hidden : JsonConverter<string>
{
    /// <inheritdoc />
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(Secrecy.Mark);
}
