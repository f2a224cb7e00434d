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

/// <summary>The settings that gateway processes read, as files that only this user can read and that are deleted afterwards.</summary>
public sealed class GatewaySettingsFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaos-gateway-");

    private readonly JsonObject _settings;

    /// <summary>Settings of the experiment, and over them what the world decides.</summary>
    public GatewaySettingsFile(JsonObject experimentSettings, Secrets secrets) => _settings = Over(experimentSettings, new JsonObject
    {
        ["key_prefix"] = KeyPrefix,
        ["jwt"] = new JsonObject { ["secret"] = Convert.ToBase64String(secrets.TokenSecret), ["issuer"] = Secrets.Issuer, ["audience"] = Secrets.Audience },
        ["admin_token"] = secrets.AdminToken,
    });

    /// <summary>
    /// What the names of all that this world keeps in its stores begin with. Nothing is judged by it, so it does not come from the seed. As long as the
    /// gateway's own default: a publish names five things, and there are experiments in which the link to the store is hardly wide enough.
    /// </summary>
    public string KeyPrefix { get; } = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", "chaos".Length);

    /// <summary>The file of a process.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="own">Settings of its own, each laid over what is before it: those of its region, of its release; null for none.</param>
    public string FileOf(string name, IReadOnlyList<JsonObject?> own)
    {
        var path = Path.Combine(_folder.FullName, $"{name}.json");
        File.WriteAllText(path, own.OfType<JsonObject>().Aggregate(_settings, Over).ToJsonString());
        return path;
    }

    /// <summary>Folder for files that gateways of this world write (audit logs).</summary>
    public string Folder => _folder.FullName;

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Members of objects are laid over one another; everything else replaces what it is laid over.</summary>
    private static JsonObject Over(JsonObject under, JsonObject over)
    {
        var merged = (JsonObject)under.DeepClone();
        foreach (var (key, value) in over) merged[key] = value is JsonObject members && merged[key] is JsonObject below ? Over(below, members) : value?.DeepClone();
        return merged;
    }
}
