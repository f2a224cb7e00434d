using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Load.Processes;

namespace Chaos.Experiments.Engine.Processes;

/// <summary>
/// A process that is one part of a world after another: <c>chaos parts</c>. A line of its standard input is a command with its options, as a
/// JSON array. That command has the lines behind it for its own standard input, up to the line "end", where its input ends and it with it; a line
/// <c>{"kind":"part.over","exit_code":0}</c> says that it has. A command that ends by itself ends the process, and so does the end of this one.
/// </summary>
public sealed class PartProcess : IAsyncDisposable
{
    /// <summary>The line that ends a part.</summary>
    public const string End = "end";

    private const string OverKind = "part.over", OverStart = $$"""{"kind":"{{OverKind}}",""";

    private readonly ChildProcess _process;
    private TaskCompletionSource<int>? _over;
    private Action<string>? _onLine;

    private PartProcess(Self self)
    {
        _process = ChildProcess.Start(self.FileName, [.. self.Prefix, "parts"], null, OnLine);
        Id = _process.Id;
    }

    /// <summary>Process id.</summary>
    public int Id { get; }

    /// <summary>It has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Ends with its exit code, after the last line it wrote has been handled.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>The last lines of its standard error, since the present part began.</summary>
    public string LastWords => _process.Errors.ToString();

    /// <summary>What a process says when its part is over.</summary>
    public static string Over(int exitCode) => new JsonObject { ["kind"] = OverKind, ["exit_code"] = exitCode }.ToJsonString();

    /// <summary>Starts one; it is no part yet.</summary>
    internal static PartProcess Start(Self self) => new(self);

    /// <summary>Makes it a part. It is none at present.</summary>
    /// <param name="command">The command and its options.</param>
    /// <param name="onLine">Gets each line that the part writes.</param>
    internal void Begin(IEnumerable<string> command, Action<string> onLine)
    {
        _process.Errors.Clear();
        Volatile.Write(ref _onLine, onLine);
        _process.Send(JsonSerializer.Serialize(command));
    }

    /// <summary>Sends its part a line.</summary>
    internal void Send(string line) => _process.Send(line);

    /// <summary>Ends its part, and waits for that.</summary>
    /// <param name="patience">Longest wait.</param>
    /// <returns>The part's exit code; null where the process has ended, or the part does not end: then it is good for nothing any more.</returns>
    internal async Task<int?> EndPartAsync(TimeSpan patience)
    {
        var over = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _over, over);
        _process.Send(End);
        if (await Task.WhenAny(over.Task, Exited, Task.Delay(patience)).ConfigureAwait(false) != over.Task) return null;
        return await over.Task.ConfigureAwait(false);
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.EndAsync(TimeSpan.Zero).ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    private void OnLine(string line)
    {
        // A proxy that ends writes a line for every connection: those are not parsed.
        if (Volatile.Read(ref _over) is { } over && line.StartsWith(OverStart, StringComparison.Ordinal))
        {
            Volatile.Write(ref _over, null);
            over.TrySetResult((int)JsonNode.Parse(line)!["exit_code"]!);
        }
        else Volatile.Read(ref _onLine)?.Invoke(line);
    }
}
