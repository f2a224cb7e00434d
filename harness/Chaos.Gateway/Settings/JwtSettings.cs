using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Chaos.Gateway.Settings;

/// <summary>Verification of JSON Web Tokens. At least one key is needed.</summary>
public sealed record JwtSettings
{
    [Description("Base64 of the shared secret of HS256, at least 32 bytes.")]
    public string? Secret { get; init; }

    [Description("Public keys of ES256 (P-256) in PEM.")]
    public IReadOnlyList<string> Es256Keys { get; init; } = [];

    [Description("The iss claim that is required.")]
    public string Issuer { get; init; } = "chaos";

    [Description("The aud claim that is required.")]
    public string Audience { get; init; } = "chaos-gateway";

    [Description("By how much clocks may differ when exp and nbf are checked, in milliseconds.")]
    [Range(0, 300_000)]
    public int ClockSkewMs { get; init; } = 1_000;

    [Description("Longest lifetime of a token (exp - iat), in seconds; a longer one is an invalid token.")]
    [Range(1, 2_592_000)]
    public int MaxLifetimeS { get; init; } = 3_600;
}
