using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>Turns bodies into faults, with the checks in the order of Toxiproxy's.</summary>
internal static class FaultRequests
{
    public static readonly string[] Known = ["name", "type", "stream", "toxicity", "attributes", "target", "lease_ms"];

    /// <summary>A toxic: its own names, defaults and errors.</summary>
    public static FaultDefinition ReadToxic(FaultPlace place, Body body)
    {
        var streamName = body.Text("stream") ?? "downstream";
        var type = body.Text("type") ?? "";
        var name = body.Text("name");
        var toxicity = body.Number("toxicity") ?? 1;
        var attributes = body.Object("attributes");
        var target = body.Object("target");
        var stream = DirectionNames.Parse(streamName);
        if (stream is not (Directions.Upstream or Directions.Downstream)) throw ControlError.InvalidStream;
        if (string.IsNullOrEmpty(name)) name = $"{type}_{streamName}";
        var kind = FaultCatalogue.Find(type) ?? throw ControlError.InvalidType;
        if (place.IsTaken(name)) throw ControlError.ToxicExists;
        var made = Make(place, name, kind, stream, toxicity, attributes, target, asToxic: true, null);
        return made with { AskedStream = streamName };
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
        var was = old.Definition;
        var made = Make(FaultPlace.On(proxy), old.Name, was.Kind, was.Streams, body.Number("toxicity") ?? was.Toxicity, attributes,
            body.Object("target") ?? was.Target.ToJson(), was.AsToxic, was.Lease);
        return made with { AskedStream = was.AskedStream };
    }

    /// <summary>A fault of the harness: every error at once, nothing ignored.</summary>
    /// <param name="strict">Unknown names are errors.</param>
    public static FaultDefinition ReadFault(FaultPlace place, Body body, bool strict = true)
    {
        if (strict) body.NothingBut(Known);
        var errors = new List<string>();
        var streamName = body.Text("stream") ?? "downstream";
        var stream = DirectionNames.Parse(streamName);
        if (stream == Directions.None) errors.Add($"stream must be upstream, downstream or both, not {streamName}");
        var type = body.Text("type") ?? throw ControlError.Missing("type");
        var kind = FaultCatalogue.Find(type);
        if (kind is null) errors.Add($"type {type} is unknown; known are: {FaultCatalogue.Names}");
        var lease = body.Number("lease_ms");
        if (lease is <= 0 or > AttributeSpec.DayMs or double.NaN) errors.Add("lease_ms must be more than 0 and at most a day");
        if (kind is null) throw ControlError.Invalid(errors);
        var name = ProxyRequests.NotEmpty(body.Text("name")) ?? $"{type}_{stream.Name()}";
        if (place.IsTaken(name)) throw ControlError.FaultExists;
        // No lease where there is an error of it: nothing is made then.
        return Make(place, name, kind, stream, body.Number("toxicity") ?? 1, body.Object("attributes"), body.Object("target"), asToxic: false,
            lease is { } ms && errors.Count == 0 ? TimeSpan.FromMilliseconds(ms) : null, errors);
    }

    private static FaultDefinition Make(FaultPlace place, string name, FaultKind kind, Directions stream, double toxicity, JsonObject? attributes,
        JsonObject? target, bool asToxic, TimeSpan? lease, List<string>? errors = null)
    {
        errors ??= [];
        return FaultDefinition.Create(name, kind, stream, toxicity, attributes, target, place.Settings.Kind, asToxic, lease, errors) ?? throw ControlError.Invalid(errors);
    }
}
