using Chaos.Load.Scripts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Chaos.Load.Tokens;

/// <summary>Issues the short-lived HS256 tokens that clients connect and subscribe with.</summary>
/// <param name="secret">Shared secret, at least 32 bytes.</param>
/// <param name="issuer">Issuer claim.</param>
/// <param name="audience">Audience claim.</param>
/// <param name="time">Clock for issue and expiry.</param>
public sealed class TokenIssuer(byte[] secret, string issuer, string audience, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = Credentials(secret);
    private readonly SigningCredentials _forged = Credentials([.. secret.Select(value => (byte)~value)]);

    /// <summary>A connection token.</summary>
    /// <param name="user">Subject.</param>
    /// <param name="tenant">Tenant claim.</param>
    /// <param name="ttl">Lifetime; negative for a token that has expired already.</param>
    public string Connect(string user, string tenant, TimeSpan ttl) => Create(user, tenant, ttl, null, null, null);

    /// <summary>A subscription token for one channel.</summary>
    public string Subscribe(string user, string tenant, string channel, TimeSpan ttl) => Create(user, tenant, ttl, channel, null, null);

    /// <summary>A token of a script, with the defect it asks for.</summary>
    /// <exception cref="ArgumentException">The defect is unknown.</exception>
    public string Issue(ScriptToken token)
    {
        if (token.Defect is not (null or "bad-signature" or "wrong-audience" or "wrong-issuer" or "alg-none"))
            throw new ArgumentException($"No defect of a token is named {token.Defect}.", nameof(token));
        return Create(token.User, token.Tenant, TimeSpan.FromSeconds(token.TtlSeconds), token.Channel, token.Defect, token.Jti);
    }

    private string Create(string user, string tenant, TimeSpan ttl, string? channel, string? defect, string? jti)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["sub"] = user, ["tenant"] = tenant };
        if (channel is not null) claims["channel"] = channel;
        if (jti is not null) claims["jti"] = jti;
        var expires = now + ttl;
        var issued = ttl < TimeSpan.Zero ? expires.AddMinutes(-5) : now;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = defect == "wrong-issuer" ? issuer + "-not" : issuer,
            Audience = defect == "wrong-audience" ? audience + "-not" : audience,
            Claims = claims, IssuedAt = issued, NotBefore = issued, Expires = expires,
            SigningCredentials = defect switch { "alg-none" => null, "bad-signature" => _forged, _ => _credentials },
        });
    }

    private static SigningCredentials Credentials(byte[] key) => new(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);
}
