using Chaos.Proxy.Control;

namespace Chaos.Proxy.Hosting.Config;

/// <summary>What a configuration file asks for.</summary>
/// <param name="Seed">Null where it has none.</param>
/// <param name="Proxies">In the file's order.</param>
internal sealed record ConfigContent(long? Seed, IReadOnlyList<ProxyPlan> Proxies)
{
    public static readonly ConfigContent Empty = new(null, []);

    public ProxyPlan? Find(string name) => Proxies.FirstOrDefault(plan => plan.Settings.Name == name);
}
