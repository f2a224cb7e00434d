using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Nodes;
using Chaos.Experiments.Engine.Regions;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Proxy.Client;

namespace Chaos.Experiments.Engine.Timelines;

/// <summary>
/// Puts faults on links, one or all those between regions, and takes them off, and hands those on nodes and on routes over. Every fault on a link is on a lease
/// that this object renews; when this process dies, the proxy lets the fault go by itself.
/// </summary>
public sealed class FaultInjector(WorldDefinition world, ControlClient proxy, NodeFaults nodes, Steering steering, IJournal journal, Clock clock) : IAsyncDisposable
{
    /// <summary>Lease of each fault.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Injection> _active = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _renewing;

    /// <summary>Names of the faults that are on now, as people know them.</summary>
    public IReadOnlyCollection<string> Active => [.. _active.Values.Select(i => i.Step.Fault.Name).Distinct(), .. nodes.Active, .. steering.Active];

    /// <summary>Carries out one moment of the timeline.</summary>
    public Task ApplyAsync(TimelineStep step, CancellationToken cancel)
    {
        if (Steering.Does(step.Fault)) return steering.ApplyAsync(step, cancel);
        if (step.Fault.Node is null) return step.On ? AddAsync(step, cancel) : RemoveAsync(step, "schedule", cancel);
        nodes.Apply(step);
        return Task.CompletedTask;
    }

    /// <summary>Takes off an occurrence that is on, before its time.</summary>
    /// <param name="step">The moment at which it would have ended.</param>
    /// <param name="reason">Why, as <c>fault.off</c> says it.</param>
    /// <param name="cancel">Cancels it.</param>
    public Task EndAsync(TimelineStep step, string reason, CancellationToken cancel)
    {
        if (Steering.Does(step.Fault)) return steering.EndAsync(step, reason, cancel);
        if (step.Fault.Node is null) return RemoveAsync(step, reason, cancel);
        nodes.Apply(step, reason);
        return Task.CompletedTask;
    }

    /// <summary>Waits until what takes its time, on nodes, has happened.</summary>
    /// <exception cref="Processes.WorldException">It could not be carried out.</exception>
    public Task SettledAsync() => nodes.SettledAsync();

    /// <summary>Somebody pressed the proxy's stop button, and so removed the faults on links: takes note of it, and ends those on nodes and on routes too.</summary>
    /// <exception cref="Processes.WorldException">A node could not be put back as it was.</exception>
    public async Task HaltedAsync()
    {
        foreach (var name in _active.Keys)
        {
            if (_active.TryRemove(name, out var gone)) journal.Write(gone.Step.Ended("halt", clock.NowUs));
        }

        await steering.EndAllAsync("halt", _stop.Token).ConfigureAwait(false);
        await nodes.EndAllAsync("halt").ConfigureAwait(false);
    }

    /// <summary>Removes every fault that is on.</summary>
    public async Task UndoAsync()
    {
        await nodes.UndoAsync().ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        foreach (var injection in _active.Values) await RemoveAsync(injection.Step, "undo", deadline.Token).ConfigureAwait(false);
        await steering.EndAllAsync("undo", deadline.Token).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_renewing is not null) await _renewing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AddAsync(TimelineStep step, CancellationToken cancel)
    {
        _renewing ??= Task.Run(RenewAsync, CancellationToken.None);
        var placed = Injection.Of(world, step);
        // The moment is taken before the call: whatever the fault does comes after it.
        var at = clock.NowUs;
        _active[step.ProxyName] = placed;
        try
        {
            await Task.WhenAll(placed.Requests.Select(r => proxy.AddFaultAsync(r.Link, r.Request, cancel))).ConfigureAwait(false);
        }
        catch (ControlException)
        {
            if (!await IsHaltedAsync(cancel).ConfigureAwait(false)) throw;
            _active.TryRemove(step.ProxyName, out _);
            return;
        }

        placed.IsComplete = true;
        journal.Write(step.Began(at));
    }

    private async Task RemoveAsync(TimelineStep step, string reason, CancellationToken cancel)
    {
        if (!_active.TryRemove(step.ProxyName, out var placed)) return;
        await Task.WhenAll(placed.Requests.Select(r => RemoveAsync(placed, r.Link, r.Request.Name, cancel))).ConfigureAwait(false);
        journal.Write(step.Ended(reason, clock.NowUs));
    }

    private async Task RemoveAsync(Injection placed, string link, string name, CancellationToken cancel)
    {
        try
        {
            await proxy.RemoveFaultAsync(link, name, cancel).ConfigureAwait(false);
        }
        catch (ControlException e) when (!placed.IsComplete && e.Status == 404)
        {
            // Not all of it could be put on, and this is a part that was not.
        }
        catch (ControlException e) when (e.Status == 404)
        {
            if (!await IsHaltedAsync(cancel).ConfigureAwait(false)) throw;
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Lease / 3, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                foreach (var injection in _active.Values.Where(i => i.IsComplete))
                {
                    foreach (var (link, request) in injection.Requests) await RenewAsync(injection, link, request.Name).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task RenewAsync(Injection injection, string link, string name)
    {
        try
        {
            await proxy.RenewFaultAsync(link, name, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ControlException or HttpRequestException)
        {
            // Removed on schedule in the meantime: nothing to renew. Otherwise the fault is gone while the timeline says it is on.
            if (_active.ContainsKey(injection.Step.ProxyName) && !await IsHaltedAsync(_stop.Token).ConfigureAwait(false))
                journal.Write(new HarnessFailed("lease", $"the lease of {name} on {link} could not be renewed: {e.Message}") { At = clock.NowUs });
        }
    }

    /// <summary>Whether the stop button is pressed: what the proxy refuses then is no failure, and the engine is told by the ledger.</summary>
    private async Task<bool> IsHaltedAsync(CancellationToken cancel)
    {
        try
        {
            return (await proxy.GetHaltAsync(cancel).ConfigureAwait(false)).Halted;
        }
        catch (HttpRequestException)
        {
            // It does not answer at all; what has failed before has failed.
            return false;
        }
    }

    /// <summary>An occurrence of a fault as the proxy knows it: its parts, each on its link.</summary>
    private sealed record Injection(TimelineStep Step, IReadOnlyList<(string Link, FaultRequest Request)> Requests)
    {
        /// <summary>All its parts are on.</summary>
        public bool IsComplete { get; set; }

        public static Injection Of(WorldDefinition world, TimelineStep step)
        {
            var fault = step.Fault;
            var parts = RegionFaultCatalogue.PartsOf(world, fault).GroupBy(p => p.Link).SelectMany(onLink => onLink.Select((part, i) =>
                (onLink.Key, new FaultRequest(i == 0 ? step.ProxyName : $"{step.ProxyName}#{part.Type}", part.Type, part.Stream, fault.Toxicity, (JsonObject)part.Attributes.DeepClone(),
                    Lease.TotalMilliseconds, (JsonObject?)fault.Target?.DeepClone()))));
            return new Injection(step, [.. parts]);
        }
    }
}
