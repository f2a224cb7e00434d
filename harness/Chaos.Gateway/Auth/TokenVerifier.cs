using System.Security.Cryptography;
using Chaos.Gateway.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Chaos.Gateway.Auth;

/// <summary>Verifies tokens of connections and subscriptions.</summary>
internal interface ITokenVerifier
{
    ValueTask<TokenResult> VerifyAsync(string? token);
}

/// <summary>
/// JSON Web Tokens, HS256 or ES256 only: an algorithm that is not listed, "none" included, is an invalid token, whatever keys there are.
/// </summary>
internal sealed class TokenVerifier : ITokenVerifier, IDisposable
{
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;
    private readonly List<ECDsa> _ecdsa = [];
    private readonly TimeSpan _skew;
    private readonly TimeSpan _maxLifetime;
    private readonly TimeProvider _time;

    public TokenVerifier(GatewaySettings settings, TimeProvider time)
    {
        _time = time;
        _skew = TimeSpan.FromMilliseconds(settings.Jwt.ClockSkewMs);
        _maxLifetime = TimeSpan.FromSeconds(settings.Jwt.MaxLifetimeS);
        var keys = new List<SecurityKey>();
        if (settings.Jwt.Secret is { } secret) keys.Add(new SymmetricSecurityKey(Convert.FromBase64String(secret)));
        foreach (var pem in settings.Jwt.Es256Keys)
        {
            var key = ECDsa.Create();
            key.ImportFromPem(pem);
            _ecdsa.Add(key);
            keys.Add(new ECDsaSecurityKey(key));
        }
        _parameters = new TokenValidationParameters
        {
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.EcdsaSha256],
            ValidIssuer = settings.Jwt.Issuer,
            ValidAudience = settings.Jwt.Audience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            // Times are checked below against the injected clock.
            ValidateLifetime = false,
        };
    }

    public async ValueTask<TokenResult> VerifyAsync(string? token)
    {
        if (string.IsNullOrEmpty(token)) return Invalid("no token");
        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt) return Invalid(result.Exception?.GetType().Name ?? "not valid");
        if (jwt.Subject is not { Length: > 0 } user) return Invalid("no sub");
        if (!jwt.TryGetPayloadValue<string>("tenant", out var tenant) || string.IsNullOrEmpty(tenant)) return Invalid("no tenant");
        if (jwt.ValidTo == DateTime.MinValue) return Invalid("no exp");

        var now = _time.GetUtcNow();
        var expires = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero);
        var issued = jwt.IssuedAt == DateTime.MinValue ? now : new DateTimeOffset(jwt.IssuedAt, TimeSpan.Zero);
        if (expires - issued > _maxLifetime) return Invalid("lives too long");
        if (jwt.ValidFrom != DateTime.MinValue && new DateTimeOffset(jwt.ValidFrom, TimeSpan.Zero) > now + _skew) return Invalid("not valid yet");
        var channel = jwt.TryGetPayloadValue<string>("channel", out var c) ? c : null;
        var identity = new Identity(user, tenant, expires, issued, jwt.Id is { Length: > 0 } id ? id : null);
        return expires + _skew <= now ? new TokenResult(TokenFault.Expired, identity, channel, "expired") : new TokenResult(TokenFault.None, identity, channel);
    }

    public void Dispose() => _ecdsa.ForEach(k => k.Dispose());

    private static TokenResult Invalid(string detail) => new(TokenFault.Invalid, Detail: detail);
}
