using System.Text.Json.Nodes;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>A fault on a gateway node: what happens to its process when it begins, and how that is undone.</summary>
internal interface INodeFault
{
    /// <summary>Name, such as <c>restart</c>.</summary>
    string Type { get; }

    /// <summary>What it does, in a sentence.</summary>
    string Summary { get; }

    /// <summary>JSON Schema of its attributes.</summary>
    /// <param name="gatewaySettings">Schema of the gateway's settings.</param>
    JsonObject AttributesSchema(JsonObject gatewaySettings);

    /// <summary>Begins. The timeline goes on meanwhile.</summary>
    /// <exception cref="Processes.WorldException">A process did not start.</exception>
    Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel);

    /// <summary>Ends: afterwards the node is as it was before.</summary>
    /// <exception cref="Processes.WorldException">A process did not start.</exception>
    Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel);
}
