using System.Text.Json;
using System.Text.Json.Serialization;
using Chaos.Client.Policies;
using Chaos.Load.Fleets;

namespace Chaos.Load.External;

/// <summary>The first line that a child gets; see <c>tests/clients/README.md</c>.</summary>
internal sealed record ExternalConfiguration(int Protocol, int BatchMs, int DialsInFlight, ClientPolicy Policy, IReadOnlyList<ExternalConfiguration.Client> Clients)
{
    internal sealed record Client(string Name, Uri Url, IReadOnlyList<Channel> Channels);

    internal sealed record Channel(string Name, bool NeedsToken);

    public static string For(FleetSpec spec)
    {
        var clients = Enumerable.Range(0, spec.Count).Select(index =>
        {
            var channel = spec.ChannelOf(index);
            var name = FleetNames.Client(index);
            return new Client(name, spec.HomeOf(index).Urls[0].For(name), [new Channel(channel, FleetNames.NeedsToken(channel))]);
        });
        var configuration = new ExternalConfiguration(1, 100, 50, spec.Policy, [.. clients]);
        return JsonSerializer.Serialize(configuration, ConfigurationJson.Default.ExternalConfiguration);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExternalConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
