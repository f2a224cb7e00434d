using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Chaos.Gateway.Settings;

/// <summary>Reads settings: an unknown member is an error, so that a misspelt limit is not silently the default.</summary>
internal static class SettingsFile
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static GatewaySettings Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{path}: {e.Message}", e);
        }
        catch (SettingsException e)
        {
            throw new SettingsException($"{path}: {e.Message}", e);
        }
    }

    public static GatewaySettings Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<GatewaySettings>(json, Options) ?? throw new SettingsException("the settings are null");
        }
        catch (JsonException e)
        {
            throw new SettingsException(e.Message, e);
        }
    }
}
