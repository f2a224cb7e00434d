namespace Chaos.Experiments.Engine.Processes;

/// <summary>
/// The processes that parts of worlds are in. Of a run's experiments each has parts of its own, and most processes that have been one are free
/// to be another of the same kind; one that was killed, ended by itself or did not end when it was told to is not used again.
/// </summary>
/// <param name="self">The program that they are.</param>
public sealed class PartProcesses(Self self) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stack<PartProcess>> _free = new(StringComparer.Ordinal);

    /// <summary>A process that is no part: one that has been such a part before, or a new one.</summary>
    /// <param name="kind">Command of the part.</param>
    internal PartProcess Take(string kind)
    {
        lock (_lock)
        {
            // One that somebody has ended meanwhile is none.
            while (_free.TryGetValue(kind, out var free) && free.TryPop(out var process))
                if (!process.HasExited) return process;
        }

        return PartProcess.Start(self);
    }

    /// <summary>A process that was a part, and is none any more.</summary>
    internal void Return(string kind, PartProcess process)
    {
        lock (_lock)
        {
            if (!_free.TryGetValue(kind, out var free)) _free[kind] = free = new Stack<PartProcess>();
            free.Push(process);
        }
    }

    /// <summary>Ends those that are no parts.</summary>
    public async ValueTask DisposeAsync()
    {
        List<PartProcess> free;
        lock (_lock)
        {
            free = [.. _free.Values.SelectMany(f => f)];
            _free.Clear();
        }

        await Task.WhenAll(free.Select(process => process.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
