using System.Text.Json;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;

namespace Chaos.Proxy.Control;

/// <summary>Turns bodies into plans of proxies.</summary>
internal static class ProxyRequests
{
    public static readonly string[] Known = ["name", "listen", "upstream", "enabled", "kind", "region", "labels", "tls", "upstream_tls", "toxics", "faults"];

    /// <summary>As Toxiproxy reads it: the first error counts, unknown names are ignored.</summary>
    /// <param name="where">Added to errors, such as " at proxy 2".</param>
    public static ProxyPlan ReadLenient(Body body, string where)
    {
        var settings = ReadSettings(body, where);
        return new ProxyPlan(settings, body.Flag("enabled") ?? true, ReadFaults(settings, body));
    }

    /// <summary>The settings alone.</summary>
    public static ProxySettings ReadSettings(Body body, string where)
    {
        var name = NotEmpty(body.Text("name")) ?? throw ControlError.Missing("name" + where);
        var upstream = NotEmpty(body.Text("upstream")) ?? throw ControlError.Missing("upstream" + where);
        // Without an address Toxiproxy listens on all; loopback is safer, and as good for who asks the proxy where it listens.
        return new ProxySettings(name, NotEmpty(body.Text("listen")) ?? "127.0.0.1:0", upstream, ReadKind(body, where), body.Text("region"))
        {
            Labels = ReadLabels(body), Tls = TlsRequests.ReadListen(body, null), UpstreamTls = TlsRequests.ReadUpstream(body, null),
        };
    }

    /// <summary>Checks of one part each, so that every error can be told. What is missing is none of them.</summary>
    /// <param name="strict">Addresses must be well-formed.</param>
    public static IEnumerable<Func<object?>> Checks(Body body, bool strict)
    {
        foreach (var name in new[] { "name", "listen", "upstream", "region" })
            yield return () => body.Text(name);
        yield return () => ReadKind(body, "");
        yield return () => ReadLabels(body);
        yield return () => TlsRequests.Check(body);
        if (!strict) yield break;
        yield return () => Upstream(body);
        yield return () => NotEmpty(body.Text("listen")) is { } listen ? ListenAddress.Check(listen) : null;
    }

    /// <summary>As this project's own routes read it: unknown names and malformed upstreams are errors.</summary>
    public static ProxyPlan ReadStrict(Body body)
    {
        body.NothingBut(Known);
        Upstream(body);
        return ReadLenient(body, "");
    }

    /// <summary>The upstream that was given, checked; null if none was.</summary>
    /// <exception cref="ControlError">It is malformed.</exception>
    public static string? Upstream(Body body)
    {
        var upstream = NotEmpty(body.Text("upstream"));
        try
        {
            if (upstream is not null) Upstreams.Check(upstream);
            return upstream;
        }
        catch (FormatException e)
        {
            throw ControlError.BadBody($"upstream: {e.Message}");
        }
    }

    /// <summary>A proxy's settings as an update changes them: what is not given stays.</summary>
    /// <exception cref="ControlError">What is given is malformed.</exception>
    public static Func<ProxySettings, ProxySettings> ReadUpdate(Body body)
    {
        var (listen, upstream) = (NotEmpty(body.Text("listen")), NotEmpty(body.Text("upstream")));
        TlsRequests.Check(body);
        return settings => settings with
        {
            Listen = listen ?? settings.Listen, Upstream = upstream ?? settings.Upstream,
            Tls = TlsRequests.ReadListen(body, settings.Tls), UpstreamTls = TlsRequests.ReadUpstream(body, settings.UpstreamTls),
        };
    }

    public static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static ProxyKind ReadKind(Body body, string where)
    {
        var name = body.Text("kind") ?? ProxyKind.Tcp.Name();
        return ProxyKindNames.Parse(name) ?? throw ControlError.BadBody($"kind must be {ProxyKindNames.All}, not {name}{where}");
    }

    private static ProxyLabels ReadLabels(Body body)
    {
        if (body.Object("labels") is not { } json) return ProxyLabels.None;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in json)
        {
            if (value is null) continue;
            labels[name] = value.GetValueKind() == JsonValueKind.String ? value.GetValue<JsonElement>().GetString()! : throw ControlError.BadBody($"labels.{name} must be a string");
        }
        return new ProxyLabels(labels);
    }

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
