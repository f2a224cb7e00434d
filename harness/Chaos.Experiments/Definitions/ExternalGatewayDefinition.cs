using System.Text.Json.Serialization;
using Chaos.Client.Sockets;

namespace Chaos.Experiments.Definitions;

/// <summary>
/// A gateway that runs already, of whatever make: the world adds the proxy in front of it, and nothing else. Of what may hold a secret the
/// journal keeps the names and not the values.
/// </summary>
public sealed record ExternalGatewayDefinition
{
    /// <summary>Where it takes WebSocket connections, <c>ws://host:port/path?query</c> or <c>wss:</c>; null in a world whose gateway is named on
    /// the command line.</summary>
    [JsonConverter(typeof(WithoutQueryValues))]
    public Uri? Address { get; init; }

    /// <summary>How the gateway's certificate is checked, for <c>wss:</c>; by the system's roots when null.</summary>
    public GatewayTlsDefinition? Tls { get; init; }

    /// <summary>Headers of every handshake, such as <c>Authorization</c>.</summary>
    [JsonConverter(typeof(WithoutValues))]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Subprotocols that clients offer.</summary>
    public IReadOnlyList<string> Subprotocols { get; init; } = [];

    /// <summary>Text that plain clients send as their first message, or null.</summary>
    [JsonConverter(typeof(Hidden))]
    public string? Hello { get; init; }

    /// <summary>Targets beyond this machine, as host:port, that the file agrees to be broken on purpose.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>host:port of <see cref="Address"/>, the port always said.</summary>
    [JsonIgnore]
    public string? Target => Address is null ? null : $"{Address.Host}:{Address.Port}";

    /// <summary>What clients of it say and do below their protocol. The gateway is to see its own name in <c>Host</c>, not the proxy's.</summary>
    [JsonIgnore]
    public SocketSettings Socket => new()
    {
        Headers = Headers.ContainsKey("Host") || Address is null ? Headers : new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase) { ["Host"] = Address.Authority },
        Subprotocols = Subprotocols,
        Hello = Hello,
    };
}

/// <summary>How the certificate of a gateway is checked.</summary>
/// <param name="Ca">PEM file with the roots to trust; null for those of the system.</param>
/// <param name="ServerName">Name to ask for and to expect in it; null for the address's host.</param>
/// <param name="Verify">False takes any certificate.</param>
public sealed record GatewayTlsDefinition(string? Ca = null, string? ServerName = null, bool Verify = true);
