using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;
using Chaos.Proxy.WebSockets;

namespace Chaos.Proxy.Control;

/// <summary>All proxies and their faults. One change at a time; no change waits for traffic.</summary>
internal sealed class ProxyRegistry(long seed, LedgerWriter ledger, DueScheduler scheduler, WebSocketServer server, TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, ManagedProxy> _proxies = new(StringComparer.Ordinal);

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

    public ManagedProxy Create(ProxySettings settings, bool enabled)
    {
        lock (_gate)
        {
            if (_proxies.ContainsKey(settings.Name)) throw ControlError.ProxyExists;
            var proxy = Make(settings, enabled);
            _proxies.Add(settings.Name, proxy);
            return proxy;
        }
    }

    /// <summary>Leaves a proxy that is the same as it is, and replaces one that differs.</summary>
    public ManagedProxy CreateOrReplace(ProxySettings settings, bool enabled)
    {
        ManagedProxy? old;
        lock (_gate)
        {
            if (_proxies.TryGetValue(settings.Name, out old))
            {
                var same = (settings.Listen == old.Settings.Listen || settings.Listen == old.AskedListen)
                    && settings.Upstream == old.Settings.Upstream && settings.WebSocket == old.Settings.WebSocket && settings.Region == old.Settings.Region;
                if (same) return old;
            }
        }
        if (old is not null) Delete(old.Name);
        return Create(settings, enabled);
    }

    public void Update(ManagedProxy proxy, string? listen, string? upstream, bool? enabled)
    {
        lock (_gate)
        {
            var moved = (listen is not null && listen != proxy.Settings.Listen && listen != proxy.AskedListen) || (upstream is not null && upstream != proxy.Settings.Upstream);
            if (moved) Bound(() => proxy.Move(listen ?? proxy.Settings.Listen, upstream ?? proxy.Settings.Upstream));
            if (enabled is { } on && on != proxy.Enabled) Bound(() => proxy.SetEnabled(on));
        }
    }

    public void Delete(string name)
    {
        ManagedProxy? proxy;
        lock (_gate)
        {
            if (!_proxies.Remove(name, out proxy)) throw ControlError.ProxyNotFound;
        }
        foreach (var fault in proxy.Link.Faults)
            RemoveFault(proxy, fault, "removed");
        proxy.Dispose();
    }

    public ActiveFault AddFault(ManagedProxy proxy, FaultDefinition definition)
    {
        lock (_gate)
        {
            if (FindFault(proxy, definition.Name) is not null) throw ControlError.ToxicExists;
            var fault = new ActiveFault(definition);
            proxy.Link.Add(fault);
            StartLease(proxy, fault);
            proxy.OnFaultsChanged();
            return fault;
        }
    }

    public static ActiveFault? FindFault(ManagedProxy proxy, string name) => proxy.Link.Faults.FirstOrDefault(fault => fault.Name == name);

    /// <summary>Replaces a fault by one of the same name and type; a lease starts again.</summary>
    public void ReplaceFault(ManagedProxy proxy, ActiveFault old, FaultDefinition definition)
    {
        lock (_gate)
        {
            var fault = new ActiveFault(definition);
            if (!proxy.Link.Replace(old, fault)) throw ControlError.ToxicNotFound;
            StartLease(proxy, fault);
        }
    }

    /// <param name="state">"removed" or "expired".</param>
    public void RemoveFault(ManagedProxy proxy, ActiveFault fault, string state)
    {
        lock (_gate)
        {
            if (!proxy.Link.Remove(fault, state)) return;
            Bound(proxy.OnFaultsChanged);
        }
    }

    /// <summary>The lease starts again.</summary>
    public void Renew(ActiveFault fault)
    {
        lock (_gate)
        {
            fault.LeaseStartedAt = time.GetTimestamp();
            if (fault.Definition.Lease is { } lease) fault.Lease?.Change(lease, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Enables all proxies and removes all faults.</summary>
    public void Reset()
    {
        foreach (var proxy in All())
        {
            foreach (var fault in proxy.Link.Faults)
                RemoveFault(proxy, fault, "removed");
            Update(proxy, null, null, enabled: true);
        }
    }

    public void Dispose()
    {
        foreach (var proxy in All())
            Delete(proxy.Name);
    }

    private ManagedProxy Make(ProxySettings settings, bool enabled)
    {
        ManagedProxy? proxy = null;
        Bound(() => proxy = new ManagedProxy(settings, new Link(settings.Name, settings.WebSocket, seed, ledger, scheduler), server));
        try
        {
            Bound(() => proxy!.SetEnabled(enabled));
            return proxy!;
        }
        catch
        {
            proxy!.Dispose();
            throw;
        }
    }

    private void StartLease(ManagedProxy proxy, ActiveFault fault)
    {
        if (fault.Definition.Lease is not { } lease) return;
        fault.LeaseStartedAt = time.GetTimestamp();
        fault.Lease = time.CreateTimer(_ => Expire(proxy, fault), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        fault.Lease.Change(lease, Timeout.InfiniteTimeSpan);
    }

    private void Expire(ManagedProxy proxy, ActiveFault fault)
    {
        lock (_gate)
        {
            // The timer may have fired just before a renewal. It counts in milliseconds, and may be a little early.
            var left = fault.Definition.Lease!.Value - time.GetElapsedTime(fault.LeaseStartedAt);
            if (left > TimeSpan.FromMilliseconds(2)) fault.Lease!.Change(left, Timeout.InfiniteTimeSpan);
            else RemoveFault(proxy, fault, "expired");
        }
    }

    // What the sockets say becomes an answer of the API, as in Toxiproxy.
    private static void Bound(Action action)
    {
        try
        {
            action();
        }
        catch (SocketException e)
        {
            throw new ControlError(500, e.SocketErrorCode == SocketError.AddressAlreadyInUse ? "bind: address already in use" : e.Message);
        }
        catch (FormatException e)
        {
            throw new ControlError(400, e.Message);
        }
    }
}
