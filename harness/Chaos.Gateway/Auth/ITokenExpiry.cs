using Chaos.Gateway.Settings;

namespace Chaos.Gateway.Auth;

/// <summary>When access that a token gave is taken away.</summary>
internal interface ITokenExpiry
{
    /// <summary>The moment, or null for never.</summary>
    DateTimeOffset? RevokeAt(DateTimeOffset expires);
}

/// <summary>
/// A grace after the token's end, in which the client can bring a new one: clients refresh when the ttl is over, not before. The end itself is as uncertain
/// as clocks may differ: a token that was let in by that tolerance must not be sent away by the same clock at once.
/// </summary>
internal sealed class TokenExpiry(GatewaySettings settings) : ITokenExpiry
{
    public DateTimeOffset? RevokeAt(DateTimeOffset expires) => expires + TimeSpan.FromMilliseconds(settings.Jwt.ClockSkewMs + settings.TokenExpiryGraceMs);
}
