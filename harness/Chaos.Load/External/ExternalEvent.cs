using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chaos.Load.External;

/// <summary>A line that a child wrote; which members are set depends on <paramref name="Ev"/>. See <c>tests/clients/README.md</c>.</summary>
internal sealed record ExternalEvent(
    string Ev, long? At, string? Client, long? Id, string? Purpose, string? Channel, int? Attempt, double? DelayMs,
    string? Session, bool? Resumed, string? Node, string? Cause, int? Code, string? Reason, bool? Terminal,
    bool? WasRecovering, bool? Recovered, string? Epoch, long? Offset,
    string? Publisher, long[]? N, long[]? SentAt, long[]? Us, string? Mid, string? Message)
{
    /// <exception cref="JsonException">The line is no event.</exception>
    public static ExternalEvent Parse(string line) =>
        JsonSerializer.Deserialize(line, EventJson.Default.ExternalEvent) ?? throw new JsonException("The line is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExternalEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
