using System.Text.Json;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// Carries out the faults on nodes. Starting and draining processes takes seconds, so the timeline goes on meanwhile; what happens to one
/// node happens in order.
/// </summary>
public sealed class NodeFaults(World world, IJournal journal, Clock clock) : IDisposable
{
    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<TimelineStep, NodeInFault> _active = [];
    private readonly Lock _lock = new();

    /// <summary>Names of the faults that are on now.</summary>
    public IReadOnlyCollection<string> Active
    {
        get
        {
            lock (_lock) return [.. _active.Keys.Select(s => s.Fault.Name).Distinct()];
        }
    }

    /// <summary>Begins or ends a fault.</summary>
    public void Apply(TimelineStep step)
    {
        var node = step.Fault.Node!;
        var before = _running.GetValueOrDefault(node, Task.CompletedTask);
        _running[node] = RunAsync(before, step);
    }

    /// <summary>Waits until every fault that was begun has begun, and every one that was ended has ended.</summary>
    /// <exception cref="Processes.WorldException">One of them could not be carried out.</exception>
    public Task SettledAsync() => Task.WhenAll(_running.Values);

    /// <summary>Breaks off what is going on, and lets go what is held. The world is about to end, and its nodes with it, so none is put back.</summary>
    public async Task UndoAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        // Whoever waited for them has been told of what failed.
        await Task.WhenAny(SettledAsync()).ConfigureAwait(false);
        foreach (var (step, node) in _active)
        {
            await node.LetGoAsync().ConfigureAwait(false);
            Off(step, "undo");
        }

        _active.Clear();
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(Task before, TimelineStep step)
    {
        await before.ConfigureAwait(false);
        var fault = step.Fault;
        var type = NodeFaultCatalogue.Of(fault.Type);
        var key = step with { At = TimeSpan.Zero, On = true };
        if (step.On)
        {
            var node = new NodeInFault(world, fault.Node!, fault.Name, step.Occurrence, journal, clock);
            lock (_lock) _active.Add(key, node);
            journal.Write(new FaultOn(fault.Name, step.Occurrence, fault.Place, fault.Type, fault.Stream, fault.Toxicity, JsonSerializer.SerializeToElement(fault.Attributes)) { At = clock.NowUs });
            await type.BeginAsync(node, fault.Attributes, _stop.Token).ConfigureAwait(false);
            return;
        }

        await type.EndAsync(_active[key], fault.Attributes, _stop.Token).ConfigureAwait(false);
        lock (_lock) _active.Remove(key);
        Off(step, "schedule");
    }

    private void Off(TimelineStep step, string reason) => journal.Write(new FaultOff(step.Fault.Name, step.Occurrence, step.Fault.Place, reason) { At = clock.NowUs });
}
