using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Tcp;

namespace Chaos.Proxy.Control;

/// <summary>Turns bodies into plans of proxies.</summary>
internal static class ProxyRequests
{
    private static readonly string[] Known = ["name", "listen", "upstream", "enabled", "kind", "region", "toxics", "faults"];

    /// <summary>As Toxiproxy reads it: the first error counts, unknown names are ignored.</summary>
    /// <param name="where">Added to errors, such as " at proxy 2".</param>
    public static ProxyPlan ReadLenient(Body body, string where)
    {
        var name = NotEmpty(body.Text("name")) ?? throw ControlError.Missing("name" + where);
        var upstream = NotEmpty(body.Text("upstream")) ?? throw ControlError.Missing("upstream" + where);
        var kind = body.Text("kind") ?? "tcp";
        if (kind is not ("tcp" or "websocket")) throw ControlError.BadBody($"kind must be tcp or websocket, not {kind}{where}");
        // Without an address Toxiproxy listens on all; loopback is safer, and as good for who asks the proxy where it listens.
        var settings = new ProxySettings(name, NotEmpty(body.Text("listen")) ?? "127.0.0.1:0", upstream, kind == "websocket", body.Text("region"));
        return new ProxyPlan(settings, body.Flag("enabled") ?? true, ReadFaults(settings, body));
    }

    /// <summary>As this project's own routes read it: unknown names and malformed upstreams are errors.</summary>
    public static ProxyPlan ReadStrict(Body body)
    {
        var unknown = body.Names.Where(name => !Known.Contains(name, StringComparer.OrdinalIgnoreCase)).ToArray();
        if (unknown.Length > 0) throw ControlError.BadBody($"{string.Join(", ", unknown)}: unknown; known are: {string.Join(", ", Known)}");
        var plan = ReadLenient(body, "");
        try
        {
            Upstreams.Parse(plan.Settings.Upstream);
        }
        catch (FormatException e)
        {
            throw ControlError.BadBody($"upstream: {e.Message}");
        }
        return plan;
    }

    public static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static List<FaultDefinition> ReadFaults(ProxySettings settings, Body body)
    {
        var faults = new List<FaultDefinition>();
        var place = new FaultPlace(settings, name => faults.Exists(fault => fault.Name == name));
        foreach (var toxic in body.Objects("toxics"))
            faults.Add(FaultRequests.ReadToxic(place, toxic));
        foreach (var fault in body.Objects("faults"))
            faults.Add(FaultRequests.ReadFault(place, fault));
        return faults;
    }
}
