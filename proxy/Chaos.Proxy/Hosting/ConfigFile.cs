using System.Text.Json;
using Chaos.Proxy.Control;

namespace Chaos.Proxy.Hosting;

/// <summary>Proxies and faults to begin with.</summary>
internal static class ConfigFile
{
    /// <exception cref="FormatException">The file is malformed.</exception>
    public static async Task ApplyAsync(ProxyRegistry registry, string path)
    {
        try
        {
            foreach (var entry in Body.ParseArray(await File.ReadAllBytesAsync(path).ConfigureAwait(false)))
            {
                var proxy = registry.Create(ToxiproxyRoutes.ReadProxy(entry, ""), entry.Flag("enabled") ?? true);
                foreach (var toxic in entry.Objects("toxics"))
                    registry.AddFault(proxy, FaultRequests.ReadToxic(proxy, toxic));
                foreach (var fault in entry.Objects("faults"))
                    registry.AddFault(proxy, FaultRequests.ReadFault(proxy, fault));
            }
        }
        catch (Exception e) when (e is ControlError or JsonException)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }
}
