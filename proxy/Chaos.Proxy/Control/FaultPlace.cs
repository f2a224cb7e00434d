namespace Chaos.Proxy.Control;

/// <summary>Where a fault is to go: the proxy's settings, and the names that are taken there.</summary>
internal sealed record FaultPlace(ProxySettings Settings, Func<string, bool> IsTaken)
{
    public static FaultPlace On(ManagedProxy proxy) => new(proxy.Settings, name => ProxyRegistry.FindFault(proxy, name) is not null);
}
