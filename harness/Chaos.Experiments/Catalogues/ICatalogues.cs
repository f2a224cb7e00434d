using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Catalogues;

/// <summary>Where a fault is put.</summary>
public enum FaultPlace
{
    /// <summary>On a link.</summary>
    Link,

    /// <summary>On a gateway node.</summary>
    Node,

    /// <summary>Between regions, on every link there.</summary>
    Regions,
}

/// <summary>A type of fault that an experiment may use. The proxy's catalogue is the source for those on links, the engine's for all others.</summary>
/// <param name="Type">Name, such as <c>latency</c>.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Attributes">JSON Schema (draft 2020-12, an object with <c>properties</c>, <c>required</c>, <c>additionalProperties: false</c>) of its attributes.</param>
/// <param name="Links">Kinds of link that it can be put on; none for a fault that is put elsewhere.</param>
/// <param name="Place">Where it is put.</param>
public sealed record FaultType(string Type, string Summary, JsonObject Attributes, IReadOnlySet<LinkKind> Links, FaultPlace Place = FaultPlace.Link);

/// <summary>A mutant that an experiment may name.</summary>
/// <param name="Name">Such as <c>client.fixed-delay</c>.</param>
/// <param name="Summary">In what one way it is broken.</param>
public sealed record MutantType(string Name, string Summary);

/// <summary>A kind of client that a fleet may consist of.</summary>
/// <param name="Name">Such as <c>reference</c> or <c>centrifuge-js</c>.</param>
public sealed record ClientType(string Name, string Summary);

/// <summary>Everything that files may refer to by name. Put together by the command line, so that the engine knows no fault or mutant itself.</summary>
/// <param name="GatewaySettings">JSON Schema of the gateway's settings.</param>
public sealed record Catalogue(IReadOnlyList<FaultType> Faults, IReadOnlyList<MutantType> Mutants, IReadOnlyList<ClientType> Clients,
    IReadOnlyList<Checks.ICheck> Checks, JsonObject GatewaySettings)
{
    /// <summary>JSON Schema of a fault's target: which connections and messages it takes hold of.</summary>
    public JsonObject FaultTarget { get; init; } = new() { ["type"] = "object", ["description"] = "Which connections and messages the fault takes hold of." };
}
