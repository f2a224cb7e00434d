using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// Carries out the faults on nodes. Starting and draining processes takes seconds, so the timeline goes on meanwhile; what happens to one
/// node happens in order, and it has one fault at a time.
/// </summary>
public sealed class NodeFaults(World world, IJournal journal, Clock clock) : IDisposable
{
    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Held> _active = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Names of the faults that are on now.</summary>
    public IReadOnlyCollection<string> Active
    {
        get
        {
            lock (_lock) return [.. _active.Values.Select(a => a.Step.Fault.Name).Distinct()];
        }
    }

    /// <summary>Begins or ends a fault.</summary>
    /// <param name="step">What happens.</param>
    /// <param name="reason">Why it ends, as <c>fault.off</c> says it.</param>
    public void Apply(TimelineStep step, string reason = "schedule")
    {
        var node = step.Fault.Node!;
        var before = _running.GetValueOrDefault(node, Task.CompletedTask);
        _running[node] = RunAsync(before, step, reason);
    }

    /// <summary>Ends every fault that is on, and puts its node back as it was.</summary>
    /// <param name="reason">Why, as the journal has it.</param>
    /// <exception cref="Processes.WorldException">One of them could not be put back.</exception>
    public Task EndAllAsync(string reason)
    {
        foreach (var node in _running.Keys.ToList())
        {
            TimelineStep? step;
            lock (_lock) step = _active.TryGetValue(node, out var active) ? active.Step : null;
            if (step is not null) _running[node] = RunAsync(_running[node], step with { On = false }, reason);
        }

        return SettledAsync();
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
        foreach (var held in _active.Values)
        {
            await held.LetGo().ConfigureAwait(false);
            journal.Write(held.Step.Ended("undo", clock.NowUs));
        }

        _active.Clear();
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(Task before, TimelineStep step, string reason)
    {
        await before.ConfigureAwait(false);
        var fault = step.Fault;
        var type = NodeFaultCatalogue.Of(fault.Type);
        if (step.On)
        {
            var (held, begin) = Hold(step, type);
            lock (_lock) _active.Add(fault.Node!, held);
            journal.Write(step.Began(clock.NowUs));
            await begin().ConfigureAwait(false);
            return;
        }

        Held? active;
        lock (_lock)
        {
            // On its way off already when all were ended.
            if (!_active.TryGetValue(fault.Node!, out active)) return;
        }

        await active.End().ConfigureAwait(false);
        lock (_lock) _active.Remove(fault.Node!);
        journal.Write(step.Ended(reason, clock.NowUs));
    }

    private (Held Held, Func<Task> Begin) Hold(TimelineStep step, INodeFault type)
    {
        var (name, attributes) = (step.Fault.Node!, step.Fault.Attributes);
        if (world.IsStore(name))
        {
            var onStore = (IStoreFault)type;
            var store = new StoreInFault(world, name, step.Fault.Name, step.Occurrence, journal, clock);
            return (new Held(step, () => onStore.EndAsync(store, attributes, _stop.Token), () => store.ResumeAsync(CancellationToken.None)), () => onStore.BeginAsync(store, attributes, _stop.Token));
        }

        var node = new NodeInFault(world, name, step.Fault.Name, step.Occurrence, journal, clock);
        return (new Held(step, () => type.EndAsync(node, attributes, _stop.Token), node.LetGoAsync), () => type.BeginAsync(node, attributes, _stop.Token));
    }

    /// <summary>A node or store with a fault on it.</summary>
    /// <param name="Step">The fault.</param>
    /// <param name="End">Puts it back as it was.</param>
    /// <param name="LetGo">Lets it run, if it is held.</param>
    private sealed record Held(TimelineStep Step, Func<Task> End, Func<Task> LetGo);
}
