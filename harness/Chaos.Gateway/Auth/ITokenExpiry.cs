using Chaos.Gateway.Settings;

namespace Chaos.Gateway.Auth;

/// <summary>When access that a token gave is taken away.</summary>
internal interface ITokenExpiry
{
    /// <summary>The moment, or null for never.</summary>
    DateTimeOffset? RevokeAt(DateTimeOffset expires);
}

/// <summary>A grace after the token's end, in which the client can bring a new one: clients refresh when the ttl is over, not before.</summary>
internal sealed class TokenExpiry(GatewaySettings settings) : ITokenExpiry
{
    public DateTimeOffset? RevokeAt(DateTimeOffset expires) => expires + TimeSpan.FromMilliseconds(settings.TokenExpiryGraceMs);
}
