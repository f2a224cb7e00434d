using Chaos.Client;

namespace Chaos.Load.Fleets;

/// <summary>Tokens of one client, issued when they are asked for.</summary>
internal sealed class FleetTokens(FleetSpec spec, string user) : ITokenSource
{
    public ValueTask<string> ConnectTokenAsync(CancellationToken cancel) => new(spec.Tokens.Connect(user, spec.Tenant, spec.TokenTtl));

    public ValueTask<string?> SubscribeTokenAsync(string channel, CancellationToken cancel) =>
        new(FleetNames.NeedsToken(channel) ? spec.Tokens.Subscribe(user, spec.Tenant, channel, spec.TokenTtl) : null);
}
