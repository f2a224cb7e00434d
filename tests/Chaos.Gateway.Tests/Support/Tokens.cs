using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Chaos.Gateway.Tests.Support;

/// <summary>Tokens as the application beside the gateway would issue them.</summary>
internal static class Tokens
{
    public static readonly byte[] Secret = SHA256.HashData("the tests' secret"u8);

    public static string Connect(string user = "ann", string tenant = "acme", double ttlSeconds = 600, string? channel = null, string issuer = "chaos",
        string audience = "chaos-gateway", string? jti = null, DateTimeOffset? now = null, SigningCredentials? credentials = null, bool notBefore = false)
    {
        var at = now ?? TimeProvider.System.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["sub"] = user, ["tenant"] = tenant, ["iss"] = issuer, ["aud"] = audience, ["exp"] = at.AddSeconds(ttlSeconds).ToUnixTimeSeconds(),
            ["iat"] = (ttlSeconds < 0 ? at.AddSeconds(ttlSeconds - 60) : at).ToUnixTimeSeconds(),
        };
        if (notBefore) claims["nbf"] = at.ToUnixTimeSeconds();
        if (channel is not null) claims["channel"] = channel;
        if (jti is not null) claims["jti"] = jti;
        return Sign(claims, credentials);
    }

    public static string Sign(Dictionary<string, object> claims, SigningCredentials? credentials = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            SigningCredentials = credentials ?? new SigningCredentials(new SymmetricSecurityKey(Secret), SecurityAlgorithms.HmacSha256),
        });
}
