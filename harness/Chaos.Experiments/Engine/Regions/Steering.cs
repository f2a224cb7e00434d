using System.Collections.Concurrent;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Regions;

/// <summary>
/// Sends clients of a region elsewhere, and back. They go by the same way as clients that chose the other region themselves, with its distance
/// and its counters. The routes are those of the world's own proxy, which ends with the harness, so they need no lease.
/// </summary>
public sealed class Steering(World world, WorldDefinition definition, IJournal journal, Clock clock)
{
    private readonly ConcurrentDictionary<string, TimelineStep> _active = new(StringComparer.Ordinal);

    /// <summary>Names of the faults that are on now.</summary>
    public IReadOnlyCollection<string> Active => [.. _active.Values.Select(s => s.Fault.Name).Distinct()];

    /// <summary>Whether this carries out a fault.</summary>
    public static bool Does(FaultDefinition fault) => fault.Between is not null && fault.Type == ShiftFault.Name;

    /// <summary>Begins or ends a shift.</summary>
    public async Task ApplyAsync(TimelineStep step, CancellationToken cancel)
    {
        if (!step.On)
        {
            await EndAsync(step, "schedule", cancel).ConfigureAwait(false);
            return;
        }

        var ways = ShiftFault.Ways(definition, step.Fault.Between!).Select(l => world.Listening(l.Name)).ToList();
        _active[step.ProxyName] = step;
        // The moment is taken before the call: whatever the fault does comes after it.
        var at = clock.NowUs;
        await PoolOf(step).ShiftAsync(step.ProxyName, ways, ShiftFault.ShareOf(step.Fault), cancel).ConfigureAwait(false);
        journal.Write(step.Began(at));
    }

    /// <summary>Ends every shift.</summary>
    /// <param name="reason">Why, as <c>fault.off</c> says it.</param>
    /// <param name="cancel">Cancels it.</param>
    public async Task EndAllAsync(string reason, CancellationToken cancel)
    {
        foreach (var step in _active.Values) await EndAsync(step, reason, cancel).ConfigureAwait(false);
    }

    /// <summary>Ends one that is on: from now on new connections go where they went before it.</summary>
    /// <param name="step">The moment at which it would have ended.</param>
    /// <param name="reason">Why, as <c>fault.off</c> says it.</param>
    /// <param name="cancel">Cancels it.</param>
    public async Task EndAsync(TimelineStep step, string reason, CancellationToken cancel)
    {
        if (!_active.TryRemove(step.ProxyName, out _)) return;
        await PoolOf(step).ShiftAsync(step.ProxyName, [], 0, cancel).ConfigureAwait(false);
        journal.Write(step.Ended(reason, clock.NowUs));
    }

    private GatewayPool PoolOf(TimelineStep step) => world.Pool(LinkNames.Clients(step.Fault.Between![0]));
}
