using System.Collections.Concurrent;
using Chaos.Experiments.Engine.Processes;

namespace Chaos.Cli.Hosting;

/// <summary>What one part of several in a process has for its standard input: it ends where the engine says that the part is over.</summary>
internal sealed class PartInput : TextReader
{
    private readonly BlockingCollection<string> _lines = [];

    /// <summary>Hands on what the process is told, on a thread of its own, until the part is to end.</summary>
    /// <param name="orders">Standard input of the process.</param>
    /// <returns>Whether it was told so; otherwise the process's own input has ended.</returns>
    public Task<bool> FeedAsync(TextReader orders)
    {
        var over = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            var line = orders.ReadLine();
            for (; line is not null && line != PartProcess.End; line = orders.ReadLine()) _lines.Add(line);
            // Said first: the part ends because of it, not by itself.
            over.SetResult(line is not null);
            _lines.CompleteAdding();
        }) { IsBackground = true, Name = "part-input" }.Start();
        return over.Task;
    }

    /// <inheritdoc />
    public override string? ReadLine() => _lines.TryTake(out var line, Timeout.Infinite) ? line : null;

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing) _lines.Dispose();
        base.Dispose(disposing);
    }
}
