using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chaos.Load.External;

/// <summary>The contents of a <c>client.json</c>; see <c>tests/clients/README.md</c>.</summary>
internal sealed record ExternalManifest
{
    // set, not init: the serialiser's generated code would overwrite the default of an init-only member that the file leaves out.
    public string Name { get; set; } = "";
    public string Summary { get; set; } = "";
    public IReadOnlyList<string> Requires { get; set; } = [];
    public IReadOnlyList<string> Command { get; set; } = [];
    public IReadOnlyList<string> Install { get; set; } = [];
    public string Stamp { get; set; } = "node_modules/.package-lock.json";
    public IReadOnlyList<string> Inputs { get; set; } = ["package-lock.json"];

    /// <exception cref="InvalidDataException">The file is not a valid manifest; the message says why and where.</exception>
    public static ExternalManifest Read(string path)
    {
        ExternalManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.ExternalManifest);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        if (manifest is null || !IsName(manifest.Name))
            throw new InvalidDataException($"{path}: \"name\" must consist of lower-case letters, digits and hyphens.");
        if (manifest.Command.Count == 0) throw new InvalidDataException($"{path}: \"command\" must name a program.");
        return manifest;
    }

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(ExternalManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
