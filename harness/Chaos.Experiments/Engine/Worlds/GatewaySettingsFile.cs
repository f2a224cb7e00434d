using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>What gateways and clients of one run share: the token secret and the administrator's token, drawn anew for every run.</summary>
public sealed record Secrets(byte[] TokenSecret, string AdminToken)
{
    /// <summary>Issuer of tokens.</summary>
    public const string Issuer = "chaos";

    /// <summary>Audience of tokens.</summary>
    public const string Audience = "chaos-gateway";

    /// <summary>Fresh secrets from the system's generator. They guard access, so they do not come from the seed.</summary>
    public static Secrets Create() => new(RandomNumberGenerator.GetBytes(32), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
}

/// <summary>The settings that a gateway process reads, as a file that only this user can read and that is deleted afterwards.</summary>
public sealed class GatewaySettingsFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaos-gateway-");

    /// <summary>Writes the file: the experiment's settings, and over them what the world decides.</summary>
    public GatewaySettingsFile(JsonObject experimentSettings, Secrets secrets)
    {
        var settings = (JsonObject)experimentSettings.DeepClone();
        settings["jwt"] = Merge(settings["jwt"] as JsonObject, new JsonObject
        {
            ["secret"] = Convert.ToBase64String(secrets.TokenSecret), ["issuer"] = Secrets.Issuer, ["audience"] = Secrets.Audience,
        });
        settings["admin_token"] = secrets.AdminToken;
        FilePath = Path.Combine(_folder.FullName, "gateway.json");
        File.WriteAllText(FilePath, settings.ToJsonString());
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Folder for files that gateways of this world write (audit logs).</summary>
    public string Folder => _folder.FullName;

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonObject Merge(JsonObject? under, JsonObject over)
    {
        var merged = under is null ? [] : (JsonObject)under.DeepClone();
        foreach (var (key, value) in over) merged[key] = value?.DeepClone();
        return merged;
    }
}
