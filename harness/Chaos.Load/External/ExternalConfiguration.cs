using System.Text.Json;
using System.Text.Json.Serialization;
using Chaos.Client.Policies;
using Chaos.Load.Fleets;

namespace Chaos.Load.External;

/// <summary>The first line that a child gets; see <c>tests/clients/README.md</c>.</summary>
internal sealed record ExternalConfiguration(int Protocol, int BatchMs, int DialsInFlight, ClientPolicy Policy, IReadOnlyList<ExternalConfiguration.Client> Clients)
{
    /// <summary>Headers of the handshake, where a gateway wants some.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Subprotocols to offer, where there are any.</summary>
    public IReadOnlyList<string>? Subprotocols { get; init; }

    internal sealed record Client(string Name, Uri Url, IReadOnlyList<Channel> Channels);

    internal sealed record Channel(string Name, bool NeedsToken);

    public static string For(FleetSpec spec)
    {
        var clients = Enumerable.Range(0, spec.Count).Select(index =>
        {
            var name = FleetNames.Client(index);
            return new Client(name, spec.HomeOf(index).Urls[0].For(name), [.. spec.ChannelsOf(index).Select(channel => new Channel(channel, FleetNames.NeedsToken(channel)))]);
        });
        var configuration = new ExternalConfiguration(1, 100, 50, spec.Policy, [.. clients])
        {
            Headers = spec.Socket.Headers.Count > 0 ? spec.Socket.Headers : null,
            Subprotocols = spec.Socket.Subprotocols.Count > 0 ? spec.Socket.Subprotocols : null,
        };
        return JsonSerializer.Serialize(configuration, ConfigurationJson.Default.ExternalConfiguration);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExternalConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
