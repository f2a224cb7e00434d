using System.Text.Json.Nodes;

namespace Chaos.Proxy.Faults;

/// <summary>A type of fault, for editors, validators and documentation.</summary>
/// <param name="Type">Its name in the control API and in experiment files.</param>
/// <param name="Summary">What it does, in a sentence or two.</param>
/// <param name="AttributesSchema">JSON Schema (draft 2020-12) of its attributes, with units, ranges and defaults.</param>
/// <param name="Tcp">It can be put on a TCP proxy.</param>
/// <param name="WebSocket">It can be put on a WebSocket proxy.</param>
/// <param name="Http">It can be put on an HTTP proxy.</param>
public sealed record FaultDescription(string Type, string Summary, JsonObject AttributesSchema, bool Tcp, bool WebSocket, bool Http);
