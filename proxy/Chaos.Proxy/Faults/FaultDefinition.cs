using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>A fault as it was asked for, validated.</summary>
/// <param name="Target">What it takes hold of; toxicity comes on top.</param>
/// <param name="AsToxic">It was made through the Toxiproxy routes, and is listed there.</param>
/// <param name="Lease">How long it lives without being renewed; null for ever.</param>
internal sealed record FaultDefinition(string Name, FaultKind Kind, Directions Streams, double Toxicity, AttributeValues Attributes,
    FaultBehaviour Behaviour, Target Target, bool AsToxic, TimeSpan? Lease)
{
    /// <summary>The stream as a Toxiproxy client wrote it, which it gets to read again: some write <c>UpStream</c>.</summary>
    public string? AskedStream { get; init; }

    /// <summary>Makes a definition, or lists every error of it.</summary>
    public static FaultDefinition? Create(string name, FaultKind kind, Directions streams, double toxicity, JsonObject? attributes,
        JsonObject? target, ProxyKind proxy, bool asToxic, TimeSpan? lease, List<string> errors)
    {
        if (double.IsNaN(toxicity) || toxicity is < 0 or > 1)
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"toxicity must be from 0 to 1, not {toxicity}"));
        if (!kind.Fits(proxy)) errors.Add($"{kind.Type} needs a {kind.Places} proxy; this one is {proxy.Name()}");
        var values = AttributeValues.Read(kind.Attributes, attributes, strict: !asToxic, errors);
        var aim = Target.Read(target, errors);
        // A behaviour is only made from complete values: its own checks would stumble over what is missing.
        if (errors.Count > 0) return null;
        var behaviour = kind.Create(values, errors);
        if (behaviour.IsForAll && toxicity != 1) errors.Add($"toxicity of {kind.Type} must be 1: it acts on the listener, for all");
        if (behaviour.IsForAll && aim.Connections != ConnectionTarget.All) errors.Add($"target.connections does not go with {kind.Type}: it acts on the listener, for all");
        if (behaviour is ConnectFault && aim.Connections.Labels.Keys.FirstOrDefault(label => !ConnectFault.Knows(label)) is { } unknown)
            errors.Add($"target.connections.labels.{unknown} does not go with {kind.Type}: it is not known yet when a client connects");
        if (aim.Messages != MessageTarget.All && behaviour is not (ItemFault or MessageFault)) errors.Add($"target.messages does not go with {kind.Type}: it acts on connections");
        if (aim.Messages.NeedsMessages && behaviour is not MessageFault) errors.Add($"target.messages.match and .opcodes need a ws_* fault that acts on messages, such as ws_delay, not {kind.Type}");
        return errors.Count > 0 ? null : new FaultDefinition(name, kind, streams, toxicity, values, behaviour, aim, asToxic, lease);
    }
}
