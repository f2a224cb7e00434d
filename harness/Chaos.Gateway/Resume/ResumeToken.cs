using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chaos.Gateway.Settings;

namespace Chaos.Gateway.Resume;

/// <summary>What a resume token says.</summary>
/// <param name="Session">The session it resumes.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Tenant">Their tenant.</param>
/// <param name="Generation">Changes with each use.</param>
/// <param name="ExpiresUnixMs">End of its life.</param>
/// <param name="Region">Where it was issued; null where there is one region only.</param>
internal sealed record ResumeClaims(string Session, string User, string Tenant, string Generation, long ExpiresUnixMs, string? Region = null);

/// <summary>Writes and reads resume tokens.</summary>
internal interface IResumeTokenCodec
{
    string Write(ResumeClaims claims);

    /// <returns>Null when the token is not one of ours, or not as we wrote it.</returns>
    ResumeClaims? Read(string token);
}

/// <summary>Resume tokens of claims and an HMAC over them, with a key of their own derived from the gateway's secret.</summary>
internal sealed class ResumeTokenCodec : IResumeTokenCodec
{
    private readonly byte[] _key;

    public ResumeTokenCodec(GatewaySettings settings)
    {
        // Nodes of a region share their JWT keys, so they share this one too. With public keys only, the admin token is what they share.
        var material = settings.Jwt.Secret ?? settings.AdminToken ?? string.Join('\n', settings.Jwt.Es256Keys);
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(material), 32, info: "chaos gateway resume token"u8.ToArray());
    }

    public string Write(ResumeClaims claims)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(claims);
        return Base64Url.EncodeToString(body) + "." + Base64Url.EncodeToString(HMACSHA256.HashData(_key, body));
    }

    public ResumeClaims? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 2 || !Base64Url.IsValid(parts[0]) || !Base64Url.IsValid(parts[1])) return null;
        var body = Base64Url.DecodeFromChars(parts[0]);
        var signature = Base64Url.DecodeFromChars(parts[1]);
        return CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(_key, body)) ? JsonSerializer.Deserialize<ResumeClaims>(body) : null;
    }
}
