using System.Text.Json;
using Chaos.Proxy.Control;
using Chaos.Proxy.Control.Api;

namespace Chaos.Proxy.Hosting;

/// <summary>Proxies and faults to begin with.</summary>
internal static class ConfigFile
{
    /// <exception cref="FormatException">The file is malformed.</exception>
    public static async Task ApplyAsync(ProxyRegistry registry, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path).ConfigureAwait(false));
            foreach (var entry in json.RootElement.EnumerateArray())
                registry.Create(ProxyRequests.ReadLenient(Body.Of(entry), ""));
        }
        catch (Exception e) when (e is ControlError or JsonException)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }
}
