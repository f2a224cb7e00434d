using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;
using Chaos.Proxy.Http;

namespace Chaos.Proxy.Control;

/// <summary>All proxies and their faults. One change at a time; no change waits for traffic.</summary>
internal sealed partial class ProxyRegistry(long seed, LedgerWriter ledger, DueScheduler scheduler, HttpServer server, TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FaultLeases _leases = new(time);
    private readonly Halt _halt = new(time);
    private readonly SortedDictionary<string, ManagedProxy> _proxies = new(StringComparer.Ordinal);
    private bool _stopped;

    /// <summary>Gets each round trip of a heartbeat, with its link.</summary>
    public Action<string, TimeSpan>? RoundTrip { get; set; }

    /// <summary>Every random decision derives from it.</summary>
    public long Seed => seed;

    public ManagedProxy[] All()
    {
        lock (_gate)
            return [.. _proxies.Values];
    }

    public ManagedProxy Get(string name)
    {
        lock (_gate)
            return _proxies.GetValueOrDefault(name) ?? throw ControlError.ProxyNotFound;
    }

    /// <summary>Makes a proxy with the faults of its plan, or nothing at all.</summary>
    public ManagedProxy Create(ProxyPlan plan)
    {
        lock (_gate)
        {
            CheckStopped();
            if (_proxies.ContainsKey(plan.Settings.Name)) throw ControlError.ProxyExists;
            var link = new Link(plan.Settings.Name, plan.Settings.Kind, seed, ledger, scheduler)
            {
                Labels = plan.Settings.LinkLabels, Wire = new WireCounters(time => RoundTrip?.Invoke(plan.Settings.Name, time)),
            };
            var proxy = new ManagedProxy(plan.Settings, link, server);
            try
            {
                // The faults come first: there must be no connection without them.
                foreach (var fault in plan.Faults)
                    PutFault(proxy, fault);
                proxy.SetEnabled(plan.Enabled);
            }
            catch
            {
                End(proxy);
                throw;
            }
            _proxies.Add(plan.Settings.Name, proxy);
            return proxy;
        }
    }

    /// <summary>
    /// Leaves a proxy that has the same addresses and kind as it is, and replaces one that differs. Where the new one
    /// cannot listen, the old one is left, switched off.
    /// </summary>
    public ManagedProxy CreateOrReplace(ProxyPlan plan)
    {
        lock (_gate)
        {
            if (!_proxies.TryGetValue(plan.Settings.Name, out var old)) return Create(plan);
            var asked = plan.Settings;
            if (!old.Differs(asked) && asked with { Listen = "", Upstream = "" } == old.Asked with { Listen = "", Upstream = "" }) return old;
            return Replace(old, plan);
        }
    }

    /// <summary>Makes a proxy in the place of another of its name; where that fails, the old one goes on, without its connections.</summary>
    public void Replace(ProxyPlan plan)
    {
        lock (_gate)
        {
            var old = Get(plan.Settings.Name);
            var enabled = old.Enabled;
            try
            {
                Replace(old, plan);
            }
            catch
            {
                old.SetEnabled(enabled);
                throw;
            }
        }
    }

    /// <summary>Changes what is given. Other addresses drop live connections.</summary>
    public void Update(ManagedProxy proxy, Func<ProxySettings, ProxySettings> change, bool? enabled)
    {
        lock (_gate)
        {
            CheckStopped();
            CheckAlive(proxy);
            // Off is a fault, too.
            if (enabled == false && proxy.Enabled) _halt.Check();
            var wanted = change(proxy.Settings);
            var on = enabled ?? proxy.Enabled;
            if (proxy.Differs(wanted)) proxy.Move(wanted);
            if (on != proxy.Enabled) proxy.SetEnabled(on);
        }
    }

    /// <summary>Sends new connections of a proxy elsewhere; open ones stay.</summary>
    /// <param name="upstream">As it was checked before.</param>
    public void Redirect(ManagedProxy proxy, string upstream)
    {
        lock (_gate)
        {
            CheckStopped();
            CheckAlive(proxy);
            proxy.Redirect(upstream);
        }
    }

    public void Delete(string name)
    {
        if (!TryDelete(name)) throw ControlError.ProxyNotFound;
    }

    /// <returns>False if there was none.</returns>
    public bool TryDelete(string name)
    {
        lock (_gate)
        {
            if (!_proxies.Remove(name, out var proxy)) return false;
            End(proxy);
            return true;
        }
    }

    /// <summary>Enables all proxies and removes all faults.</summary>
    /// <exception cref="ControlError">A proxy could not listen; all others are reset nevertheless.</exception>
    public void Reset()
    {
        ControlError? failed = null;
        foreach (var proxy in All())
        {
            try
            {
                RemoveFaults(proxy);
                Update(proxy, settings => settings, enabled: true);
            }
            catch (ControlError e)
            {
                failed ??= e;
            }
        }
        if (failed is not null) throw failed;
    }

    /// <summary>Open connections of all proxies.</summary>
    public int OpenCount => All().Sum(proxy => proxy.Link.OpenCount);

    /// <summary>No proxy accepts connections any more, all faults are gone, and nothing new is made. What is open goes on.</summary>
    public void StopAccepting()
    {
        lock (_gate)
        {
            _stopped = true;
            foreach (var proxy in _proxies.Values)
            {
                proxy.StopAccepting();
                RemoveFaults(proxy);
            }
        }
    }

    /// <summary>Ends every proxy.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            foreach (var name in _proxies.Keys.ToArray())
                Delete(name);
        }
    }

    private void CheckStopped()
    {
        if (_stopped) throw new ControlError(503, "the proxy is stopping");
    }

    // Between finding a proxy and changing it somebody else may have deleted it.
    private void CheckAlive(ManagedProxy proxy)
    {
        if (!ReferenceEquals(_proxies.GetValueOrDefault(proxy.Name), proxy)) throw ControlError.ProxyNotFound;
    }

    private ManagedProxy Replace(ManagedProxy old, ProxyPlan plan)
    {
        old.Stop();
        _proxies.Remove(old.Name);
        try
        {
            var made = Create(plan);
            End(old);
            return made;
        }
        catch
        {
            _proxies[old.Name] = old;
            throw;
        }
    }

    private void End(ManagedProxy proxy)
    {
        // It listens no more when its faults go, so none of them opens its port again.
        proxy.Dispose();
        RemoveFaults(proxy);
    }
}
