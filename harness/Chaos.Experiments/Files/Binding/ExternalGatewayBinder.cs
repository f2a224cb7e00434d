using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Files.Binding;

/// <summary>A checked external gateway of a world file → its definition.</summary>
internal static class ExternalGatewayBinder
{
    public static ExternalGatewayDefinition Bind(Cursor gateway) => new()
    {
        Address = gateway["address"].Text is { } address ? new Uri(address) : null,
        Tls = gateway["tls"] is { Exists: true } tls ? new GatewayTlsDefinition(tls["ca"].Text, tls["server_name"].Text, tls["verify"].Truth ?? true) : null,
        Headers = gateway["headers"].Members.ToDictionary(m => m.Key, m => m.Value.Text!, StringComparer.OrdinalIgnoreCase),
        Subprotocols = [.. gateway["subprotocols"].Items.Select(s => s.Text!)],
        Hello = gateway["hello"].Text,
        Allow = [.. gateway["allow"].Items.Select(t => t.Text!)],
    };
}
