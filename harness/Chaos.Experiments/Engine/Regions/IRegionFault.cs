using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Engine.Regions;

/// <summary>A fault between regions: a composition of faults on every link there.</summary>
internal interface IRegionFault
{
    /// <summary>Name, such as <c>partition</c>.</summary>
    string Type { get; }

    /// <summary>What it does, in a sentence.</summary>
    string Summary { get; }

    /// <summary>JSON Schema of its attributes.</summary>
    JsonObject AttributesSchema { get; }

    /// <summary>What it is made of on one link.</summary>
    /// <param name="link">A link from one of the two regions to the other.</param>
    /// <param name="forth">True when the link is one from the region that the fault names first.</param>
    /// <param name="world">The world.</param>
    /// <param name="attributes">Its attributes.</param>
    IEnumerable<LinkFault> On(LinkDefinition link, bool forth, WorldDefinition world, JsonObject attributes);
}

/// <summary>A fault on one link that a fault between regions is made of.</summary>
/// <param name="Link">The link.</param>
/// <param name="Type">A type of the proxy's catalogue.</param>
/// <param name="Stream">"upstream", "downstream" or "both".</param>
internal sealed record LinkFault(string Link, string Type, string Stream, JsonObject Attributes);
