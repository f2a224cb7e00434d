using System.Security.Cryptography;
using Chaos.Load.Scripts;
using Chaos.Load.Tokens;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class TokenIssuerTests
{
    private static readonly byte[] Secret = SHA256.HashData("a secret of these tests"u8);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(null, true)]
    [InlineData("bad-signature", false)]
    [InlineData("wrong-audience", false)]
    [InlineData("wrong-issuer", false)]
    [InlineData("alg-none", false)]
    public async Task A_defect_is_the_only_thing_wrong_with_a_token(string? defect, bool valid)
    {
        var token = new TokenIssuer(Secret, "chaos", "gateway", _time).Issue(new ScriptToken("alice", "acme", 60, "acme:a", defect));
        var result = await ValidateAsync(token);
        Assert.Equal(valid, result.IsValid);
        var read = new JsonWebToken(token);
        Assert.Equal(("alice", "acme", "acme:a"), (read.Subject, read.GetClaim("tenant").Value, read.GetClaim("channel").Value));
        Assert.Equal(_time.GetUtcNow().AddSeconds(60).UtcDateTime, read.ValidTo);
    }

    [Fact]
    public async Task A_negative_lifetime_makes_a_token_that_has_expired()
    {
        var result = await ValidateAsync(new TokenIssuer(Secret, "chaos", "gateway", _time).Connect("alice", "acme", TimeSpan.FromSeconds(-30)));
        Assert.IsType<SecurityTokenExpiredException>(result.Exception);
    }

    [Fact]
    public void An_unknown_defect_is_refused() => Assert.Throws<ArgumentException>(
        () => new TokenIssuer(Secret, "chaos", "gateway", _time).Issue(new ScriptToken("alice", "acme", 60, null, "rusty")));

    private Task<TokenValidationResult> ValidateAsync(string token) => new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = "chaos", ValidAudience = "gateway", IssuerSigningKey = new SymmetricSecurityKey(Secret), ClockSkew = TimeSpan.Zero,
        LifetimeValidator = (_, expires, _, _) =>
            expires > _time.GetUtcNow().UtcDateTime ? true : throw new SecurityTokenExpiredException($"expired {expires}"),
    });
}
