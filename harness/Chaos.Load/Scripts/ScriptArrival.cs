using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>A message of the gateway, or the end of the connection (then <paramref name="CloseCode"/> is set, 1006 without a close frame).</summary>
/// <param name="Text">The message as it came.</param>
/// <param name="Json">It parsed; null when it is no JSON.</param>
internal sealed record ScriptArrival(string Text, JsonNode? Json, int? CloseCode)
{
    /// <summary>An empty object is a ping.</summary>
    public bool IsPing => Json is JsonObject { Count: 0 };
}
