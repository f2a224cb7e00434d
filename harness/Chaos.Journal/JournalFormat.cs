using System.Text.Json;
using System.Text.Json.Serialization;
using Chaos.Journal.Events;

namespace Chaos.Journal;

/// <summary>The journal's format: its version, and how a line maps to an event.</summary>
public static class JournalFormat
{
    /// <summary>Raised when a member changes its meaning or goes away. New kinds and members do not raise it.</summary>
    public const int Version = 1;

    /// <summary>Options for any JSON that follows the journal's naming (snake_case, nulls left out).</summary>
    public static JsonSerializerOptions Options => JournalJson.Default.Options;

    /// <summary>One event as one line of UTF-8, without the newline.</summary>
    public static byte[] ToUtf8(JournalEvent entry) => JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEvent);

    /// <summary>Reads one line.</summary>
    /// <exception cref="JsonException">The line is not JSON, or its kind is unknown.</exception>
    public static JournalEvent Parse(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line, JournalJson.Default.JournalEvent) ?? throw new JsonException("The line is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(JournalEvent))]
internal sealed partial class JournalJson : JsonSerializerContext;
