using Chaos.Proxy.Control;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Hosting.Config;

/// <summary>One proxy of a configuration file. Each part is checked by itself, so that one error does not hide another.</summary>
internal sealed class ConfigProxy(ConfigErrors errors, string path, Body body, bool strict)
{
    private static readonly string[] Lists = ["toxics", "faults"];

    /// <returns>Null where something is wrong with it.</returns>
    public ProxyPlan? Read()
    {
        if (strict) errors.Unknown(path, body.Names, ProxyRequests.Known);
        foreach (var check in ProxyRequests.Checks(body, strict))
            errors.Try(path, check);
        var settings = errors.Try(path, () => ProxyRequests.ReadSettings(body, ""));
        var enabled = errors.Try(path, () => body.Flag("enabled")) ?? true;
        var faults = new List<FaultDefinition>();
        foreach (var list in Lists)
            ReadFaults(list, settings, faults);
        return settings is null ? null : new ProxyPlan(settings, enabled, faults);
    }

    private void ReadFaults(string list, ProxySettings? settings, List<FaultDefinition> faults)
    {
        var elements = errors.Try(path, () => body.Elements(list)) ?? [];
        for (var i = 0; i < elements.Length; i++)
        {
            var at = $"{path}/{list}/{i}";
            if (errors.Try(at, () => Body.Of(elements[i])) is not { } fault) continue;
            if (strict) errors.Unknown(at, fault.Names, FaultRequests.Known);
            var place = new FaultPlace(settings ?? StandIn(), name => faults.Exists(other => other.Name == name));
            var made = errors.Try(at, () => list == "toxics" ? FaultRequests.ReadToxic(place, fault) : FaultRequests.ReadFault(place, fault, strict: false));
            if (made is not null) faults.Add(made);
        }
    }

    // Where something else is wrong with the proxy, its faults can be checked nevertheless.
    private ProxySettings StandIn()
    {
        try
        {
            return new ProxySettings("", "", "", ProxyRequests.ReadKind(body, ""), null);
        }
        catch (ControlError)
        {
            // Told already.
            return new ProxySettings("", "", "", Links.ProxyKind.Tcp, null);
        }
    }
}
