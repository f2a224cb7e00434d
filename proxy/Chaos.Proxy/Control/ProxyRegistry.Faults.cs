using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control;

/// <summary>Faults, their leases, and the halt.</summary>
internal sealed partial class ProxyRegistry
{
    /// <summary>Since when no fault is accepted, and why; null while they are.</summary>
    public (DateTimeOffset Since, string? Reason)? Halted
    {
        get
        {
            lock (_gate)
                return _halt.Since is { } since ? (since, _halt.Reason) : null;
        }
    }

    /// <exception cref="ControlError">Its name is taken, no fault is accepted, or the proxy was deleted meanwhile.</exception>
    public ActiveFault AddFault(ManagedProxy proxy, FaultDefinition definition)
    {
        lock (_gate)
        {
            CheckAlive(proxy);
            return PutFault(proxy, definition);
        }
    }

    public static ActiveFault? FindFault(ManagedProxy proxy, string name) => proxy.Link.Faults.FirstOrDefault(fault => fault.Name == name);

    /// <summary>Replaces a fault by one of the same name and type; a lease starts again.</summary>
    public ActiveFault ReplaceFault(ManagedProxy proxy, ActiveFault old, FaultDefinition definition)
    {
        lock (_gate)
        {
            CheckAlive(proxy);
            _halt.Check();
            var fault = new ActiveFault(definition);
            if (!proxy.Link.Replace(old, fault)) throw ControlError.ToxicNotFound;
            _leases.Start(fault, () => Expire(proxy, fault));
            return fault;
        }
    }

    /// <param name="state">"removed" or "expired".</param>
    public void RemoveFault(ManagedProxy proxy, ActiveFault fault, string state)
    {
        lock (_gate)
        {
            if (proxy.Link.Remove(fault, state)) proxy.OnFaultsChanged();
        }
    }

    /// <summary>Removes every fault of a proxy.</summary>
    public void RemoveFaults(ManagedProxy proxy)
    {
        lock (_gate)
        {
            foreach (var fault in proxy.Link.Faults)
                RemoveFault(proxy, fault, "removed");
        }
    }

    /// <summary>The lease starts again.</summary>
    public void Renew(ActiveFault fault)
    {
        lock (_gate)
        {
            _halt.Check();
            _leases.Renew(fault);
        }
    }

    /// <summary>All leases of a proxy start again.</summary>
    /// <returns>The faults that have one.</returns>
    public ActiveFault[] RenewAll(ManagedProxy proxy)
    {
        lock (_gate)
        {
            CheckAlive(proxy);
            _halt.Check();
            ActiveFault[] leased = [.. proxy.Link.Faults.Where(fault => fault.Definition.Lease is not null)];
            foreach (var fault in leased)
                _leases.Renew(fault);
            return leased;
        }
    }

    /// <summary>Removes every fault, enables every proxy, and accepts no fault until it is released.</summary>
    /// <exception cref="ControlError">A proxy could not listen; the halt stands, and all others are reset.</exception>
    public void PressHalt(string? reason)
    {
        lock (_gate)
        {
            _halt.Press(reason);
            var removed = _proxies.Values.Sum(proxy => proxy.Link.Faults.Length);
            ledger.Halt("on", reason, removed);
            Reset();
        }
    }

    /// <exception cref="ControlError">No fault is accepted.</exception>
    public void CheckHalt()
    {
        lock (_gate)
            _halt.Check();
    }

    /// <summary>Accepts faults again.</summary>
    public void ReleaseHalt()
    {
        lock (_gate)
        {
            if (_halt.Since is null) return;
            _halt.Release();
            ledger.Halt("off", null, 0);
        }
    }

    private ActiveFault PutFault(ManagedProxy proxy, FaultDefinition definition)
    {
        if (FindFault(proxy, definition.Name) is not null) throw ControlError.ToxicExists;
        CheckStopped();
        _halt.Check();
        var fault = new ActiveFault(definition);
        proxy.Link.Add(fault);
        _leases.Start(fault, () => Expire(proxy, fault));
        proxy.OnFaultsChanged();
        return fault;
    }

    // A timer's own thread: there is nobody whom an error could be told as an answer.
    private void Expire(ManagedProxy proxy, ActiveFault fault)
    {
        lock (_gate)
        {
            try
            {
                if (_leases.IsOver(fault)) RemoveFault(proxy, fault, "expired");
            }
            catch (ControlError e)
            {
                Console.Error.WriteLine($"proxy {proxy.Name}: {fault.Name} expired, but {e.Message}; the proxy is off");
            }
        }
    }
}
