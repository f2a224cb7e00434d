using System.Text.Json.Nodes;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>Turns bodies into faults, with the checks in the order of Toxiproxy's.</summary>
internal static class FaultRequests
{
    /// <summary>A toxic: its own names, defaults and errors.</summary>
    public static FaultDefinition ReadToxic(ManagedProxy proxy, Body body)
    {
        var streamName = body.Text("stream") ?? "downstream";
        var stream = DirectionNames.Parse(streamName);
        if (stream is not (Directions.Upstream or Directions.Downstream)) throw ControlError.InvalidStream;
        var type = body.Text("type") ?? "";
        var name = body.Text("name");
        if (string.IsNullOrEmpty(name)) name = $"{type}_{streamName}";
        var kind = FaultCatalogue.Find(type) ?? throw ControlError.InvalidType;
        if (ProxyRegistry.FindFault(proxy, name) is not null) throw ControlError.ToxicExists;
        return Make(proxy, name, kind, stream, body.Number("toxicity") ?? 1, body.Object("attributes"), body.Object("target"), asToxic: true, null);
    }

    /// <summary>An update: given attributes and toxicity replace the old ones, all else stays.</summary>
    public static FaultDefinition ReadUpdate(ManagedProxy proxy, ActiveFault old, Body body)
    {
        var attributes = old.Definition.Attributes.ToJson();
        foreach (var (name, value) in body.Object("attributes") ?? [])
        {
            if (value is null) continue;
            var key = attributes.Select(entry => entry.Key).FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
            attributes[key] = value.DeepClone();
        }
        return Make(proxy, old.Name, old.Definition.Kind, old.Definition.Streams, body.Number("toxicity") ?? old.Definition.Toxicity, attributes,
            body.Object("target") ?? old.Definition.Target.ToJson(), old.Definition.AsToxic, old.Definition.Lease);
    }

    /// <summary>A fault of the harness: every error at once, nothing ignored.</summary>
    public static FaultDefinition ReadFault(ManagedProxy proxy, Body body)
    {
        var errors = new List<string>();
        var streamName = body.Text("stream") ?? "downstream";
        var stream = DirectionNames.Parse(streamName);
        if (stream == Directions.None) errors.Add($"stream must be upstream, downstream or both, not {streamName}");
        var type = body.Text("type") ?? throw ControlError.Missing("type");
        var kind = FaultCatalogue.Find(type);
        if (kind is null) errors.Add($"type {type} is unknown; known are: {FaultCatalogue.Names}");
        var lease = body.Number("lease_ms");
        if (lease is <= 0 or > AttributeSpec.DayMs or double.NaN) errors.Add("lease_ms must be more than 0 and at most a day");
        if (errors.Count > 0) throw ControlError.Invalid(errors);
        var name = body.Text("name");
        if (string.IsNullOrEmpty(name)) name = $"{type}_{stream.Name()}";
        return Make(proxy, name, kind!, stream, body.Number("toxicity") ?? 1, body.Object("attributes"), body.Object("target"), asToxic: false,
            lease is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
    }

    private static FaultDefinition Make(ManagedProxy proxy, string name, FaultKind kind, Directions stream, double toxicity, JsonObject? attributes, JsonObject? target, bool asToxic, TimeSpan? lease)
    {
        var errors = new List<string>();
        return FaultDefinition.Create(name, kind, stream, toxicity, attributes, target, proxy.Settings.WebSocket, asToxic, lease, errors) ?? throw ControlError.Invalid(errors);
    }
}
