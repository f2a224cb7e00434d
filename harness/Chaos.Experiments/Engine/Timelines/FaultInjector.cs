using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Chaos.Experiments.Engine.Nodes;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Proxy.Client;

namespace Chaos.Experiments.Engine.Timelines;

/// <summary>
/// Puts faults on links and takes them off, and hands those on nodes over. Every fault on a link is on a lease that this object renews;
/// when this process dies, the proxy lets the fault go by itself.
/// </summary>
public sealed class FaultInjector(ControlClient proxy, NodeFaults nodes, IJournal journal, Clock clock) : IAsyncDisposable
{
    /// <summary>Lease of each fault.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, TimelineStep> _active = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _renewing;

    /// <summary>Names of the faults that are on now, as people know them.</summary>
    public IReadOnlyCollection<string> Active => [.. _active.Values.Select(s => s.Fault.Name).Distinct(), .. nodes.Active];

    /// <summary>Carries out one moment of the timeline.</summary>
    public Task ApplyAsync(TimelineStep step, CancellationToken cancel)
    {
        if (step.Fault.Node is null) return step.On ? AddAsync(step, cancel) : RemoveAsync(step, "schedule", cancel);
        nodes.Apply(step);
        return Task.CompletedTask;
    }

    /// <summary>Waits until what takes its time, on nodes, has happened.</summary>
    /// <exception cref="Processes.WorldException">It could not be carried out.</exception>
    public Task SettledAsync() => nodes.SettledAsync();

    /// <summary>Removes every fault that is on.</summary>
    public async Task UndoAsync()
    {
        await nodes.UndoAsync().ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        foreach (var step in _active.Values) await RemoveAsync(step, "undo", deadline.Token).ConfigureAwait(false);
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
        var fault = step.Fault;
        _renewing ??= Task.Run(RenewAsync, CancellationToken.None);
        // The moment is taken before the call: whatever the fault does comes after it.
        var at = clock.NowUs;
        var attributes = (JsonObject)fault.Attributes.DeepClone();
        await proxy.AddFaultAsync(fault.Link, new FaultRequest(step.ProxyName, fault.Type, fault.Stream, fault.Toxicity, attributes, Lease.TotalMilliseconds, (JsonObject?)fault.Target?.DeepClone()), cancel)
            .ConfigureAwait(false);
        _active[Key(step)] = step;
        journal.Write(step.Began(at));
    }

    private async Task RemoveAsync(TimelineStep step, string reason, CancellationToken cancel)
    {
        if (!_active.TryRemove(Key(step), out _)) return;
        await proxy.RemoveFaultAsync(step.Fault.Link, step.ProxyName, cancel).ConfigureAwait(false);
        journal.Write(step.Ended(reason, clock.NowUs));
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Lease / 3, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                foreach (var step in _active.Values) await RenewAsync(step).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task RenewAsync(TimelineStep step)
    {
        try
        {
            await proxy.RenewFaultAsync(step.Fault.Link, step.ProxyName, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ControlException or HttpRequestException)
        {
            // Removed on schedule in the meantime: nothing to renew. Otherwise the fault is gone while the timeline says it is on.
            if (_active.ContainsKey(Key(step)))
                journal.Write(new HarnessFailed("lease", $"the lease of {step.ProxyName} on {step.Fault.Link} could not be renewed: {e.Message}") { At = clock.NowUs });
        }
    }

    private static string Key(TimelineStep step) => $"{step.Fault.Link}/{step.ProxyName}";
}
