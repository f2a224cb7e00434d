using System.Text.Json.Nodes;
using Chaos.Proxy.Control;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Hosting.Config;

/// <summary>
/// The configuration file and what came of it. Reading it again changes what differs and nothing else; proxies and faults
/// that came over the API are left alone.
/// </summary>
internal sealed class ConfigReload(string? file, ConfigContent first, ProxyRegistry registry, LedgerWriter ledger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private ConfigContent _current = ConfigContent.Empty;

    /// <summary>Makes the proxies of the first reading.</summary>
    /// <exception cref="ConfigFileException">A proxy cannot be made.</exception>
    public void Start()
    {
        foreach (var plan in first.Proxies)
            Named(plan, () => registry.Create(plan));
        _current = first;
    }

    /// <summary>Reads the file again.</summary>
    /// <exception cref="ConfigFileException">It is malformed, and nothing was changed; or a proxy could not be made.</exception>
    /// <exception cref="ControlError">There is no file, or faults are halted.</exception>
    public async Task<ReloadResult> AgainAsync()
    {
        if (file is null) throw new ControlError(409, "there is no configuration file: the proxy was started without --config");
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            var content = await ConfigReader.ReadAsync(file).ConfigureAwait(false);
            Check(content);
            var result = Apply(content);
            ledger.Reload(true, result.Added.Count, result.Replaced.Count, result.Removed.Count, result.Faults, null);
            return result;
        }
        catch (Exception e) when (e is ConfigFileException or ControlError)
        {
            ledger.Reload(false, 0, 0, 0, 0, e.Message);
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private void Check(ConfigContent content)
    {
        if (content.Seed is { } seed && seed != registry.Seed)
            throw new ConfigFileException([$"{file}: seed {seed} is not the one in force, {registry.Seed}. Start the proxy anew for another seed."]);
        if (registry.Halted is not null && content.Proxies.Any(plan => plan.Faults.Count > 0)) registry.CheckHalt();
    }

    private ReloadResult Apply(ConfigContent content)
    {
        List<string> added = [], replaced = [], removed = [], unchanged = [];
        var faults = 0;
        // First those that go: what comes may want their ports.
        foreach (var gone in _current.Proxies.Select(plan => plan.Settings.Name).Where(name => content.Find(name) is null))
        {
            if (registry.TryDelete(gone)) removed.Add(gone);
        }
        foreach (var plan in content.Proxies)
        {
            var name = plan.Settings.Name;
            var live = registry.All().FirstOrDefault(proxy => proxy.Name == name);
            if (live is null)
            {
                Named(plan, () => registry.Create(plan));
                added.Add(name);
            }
            else if (live.Asked != plan.Settings)
            {
                Named(plan, () => registry.Replace(plan));
                replaced.Add(name);
            }
            else
            {
                Named(plan, () => registry.Update(live, settings => settings, plan.Enabled));
                faults += Settle(live, plan.Faults, _current.Find(name)?.Faults ?? []);
                unchanged.Add(name);
            }
        }
        _current = content;
        return new ReloadResult(added, replaced, removed, unchanged, faults);
    }

    private int Settle(ManagedProxy proxy, IReadOnlyList<FaultDefinition> wanted, IReadOnlyList<FaultDefinition> before)
    {
        var changes = 0;
        foreach (var gone in before.Where(old => !wanted.Any(fault => fault.Name == old.Name)))
        {
            if (ProxyRegistry.FindFault(proxy, gone.Name) is not { } live) continue;
            registry.RemoveFault(proxy, live, "removed");
            changes++;
        }
        foreach (var fault in wanted)
        {
            var live = ProxyRegistry.FindFault(proxy, fault.Name);
            if (live is not null && IsSame(live.Definition, fault)) continue;
            Put(proxy, live, fault);
            changes++;
        }
        return changes;
    }

    private void Put(ManagedProxy proxy, ActiveFault? live, FaultDefinition fault)
    {
        if (live?.Definition.Kind.Type == fault.Kind.Type) registry.ReplaceFault(proxy, live, fault);
        else
        {
            if (live is not null) registry.RemoveFault(proxy, live, "removed");
            registry.AddFault(proxy, fault);
        }
    }

    private static bool IsSame(FaultDefinition a, FaultDefinition b) =>
        (a.Kind.Type, a.Streams, a.Toxicity, a.Lease, a.AsToxic, a.AskedStream) == (b.Kind.Type, b.Streams, b.Toxicity, b.Lease, b.AsToxic, b.AskedStream)
        && JsonNode.DeepEquals(a.Attributes.ToJson(), b.Attributes.ToJson()) && JsonNode.DeepEquals(a.Target.ToJson(), b.Target.ToJson());

    private void Named(ProxyPlan plan, Action action)
    {
        try
        {
            action();
        }
        catch (ControlError e)
        {
            throw new ConfigFileException([$"{file}: proxy {plan.Settings.Name}: {e.Message}. Free the address, or choose another."]);
        }
    }
}
