namespace Chaos.Proxy.Client;

/// <summary>Faults, and the stop button for all of them.</summary>
public sealed partial class ControlClient
{
    /// <summary>Puts a fault on a link.</summary>
    public Task<FaultInfo> AddFaultAsync(string proxy, FaultRequest fault, CancellationToken ct = default) => SendAsync<FaultInfo>(HttpMethod.Post, Path("chaos/proxies", proxy, "faults"), fault, ct);

    /// <summary>What a fault would take hold of now. Nothing is changed.</summary>
    public Task<DryRun> DryRunAsync(string proxy, FaultRequest fault, CancellationToken ct = default) =>
        SendAsync<DryRun>(HttpMethod.Post, Path("chaos/proxies", proxy, "faults") + "?dry_run=true", fault, ct);

    /// <summary>One fault.</summary>
    public Task<FaultInfo> GetFaultAsync(string proxy, string fault, CancellationToken ct = default) => SendAsync<FaultInfo>(HttpMethod.Get, Path("chaos/proxies", proxy, "faults", fault), null, ct);

    /// <summary>Starts all leases of a proxy again; gives the names of the faults that have one.</summary>
    public async Task<IReadOnlyList<string>> RenewFaultsAsync(string proxy, CancellationToken ct = default) =>
        (await SendAsync<Names>(HttpMethod.Post, Path("chaos/proxies", proxy, "renew"), null, ct).ConfigureAwait(false)).Renewed;

    /// <summary>Starts a fault's lease again.</summary>
    public Task RenewFaultAsync(string proxy, string fault, CancellationToken ct = default) => SendAsync(HttpMethod.Post, Path("chaos/proxies", proxy, "faults", fault, "renew"), null, ct);

    /// <summary>Removes a fault.</summary>
    public Task RemoveFaultAsync(string proxy, string fault, CancellationToken ct = default) => SendAsync(HttpMethod.Delete, Path("chaos/proxies", proxy, "faults", fault), null, ct);

    /// <summary>Faults of one link, toxics included.</summary>
    public Task<FaultInfo[]> ListFaultsAsync(string proxy, CancellationToken ct = default) => SendAsync<FaultInfo[]>(HttpMethod.Get, Path("chaos/proxies", proxy, "faults"), null, ct);

    /// <summary>Faults of all links.</summary>
    public Task<FaultInfo[]> ListFaultsAsync(CancellationToken ct = default) => SendAsync<FaultInfo[]>(HttpMethod.Get, "chaos/faults", null, ct);

    /// <summary>Removes every fault of every link.</summary>
    public Task RemoveAllFaultsAsync(CancellationToken ct = default) => SendAsync(HttpMethod.Delete, "chaos/faults", null, ct);

    /// <summary>Removes every fault, enables every proxy, and refuses new faults with 409 until it is released.</summary>
    /// <param name="reason">Told to everybody whose fault is refused.</param>
    public Task<HaltInfo> HaltAsync(string? reason = null, CancellationToken ct = default) => SendAsync<HaltInfo>(HttpMethod.Post, "chaos/halt", new HaltRequest(reason), ct);

    /// <summary>Whether faults are accepted.</summary>
    public Task<HaltInfo> GetHaltAsync(CancellationToken ct = default) => SendAsync<HaltInfo>(HttpMethod.Get, "chaos/halt", null, ct);

    /// <summary>Accepts faults again.</summary>
    public Task ReleaseHaltAsync(CancellationToken ct = default) => SendAsync(HttpMethod.Delete, "chaos/halt", null, ct);

    private sealed record Names(string[] Renewed);

    private sealed record HaltRequest(string? Reason);
}
