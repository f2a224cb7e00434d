using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Experiments.Engine.Processes;

/// <summary>
/// A part of the world in a process of its own. It lives until it is told to end, and no longer than this process: its standard input ends when
/// this one dies in any way. The process may have been other parts before, and may be others afterwards.
/// </summary>
public sealed class Part : IAsyncDisposable
{
    private const string Done = "part.done", Failed = "part.failed";

    private static readonly TimeSpan GracefulStop = TimeSpan.FromSeconds(5);

    private readonly PartProcesses _processes;
    private readonly PartProcess _process;
    private readonly string _kind;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string>? _onLine;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private TaskCompletionSource<JsonObject>? _answer;
    private volatile bool _stopping;
    private int? _exitCode;

    private Part(string name, PartProcesses processes, IReadOnlyList<string> command, Action<string>? onLine)
    {
        Name = name;
        (_processes, _kind, _onLine) = (processes, command[0], onLine);
        _process = processes.Take(_kind);
        _process.Begin(command, OnLine);
        _ = EndedEarlyAsync();
    }

    /// <summary>Name of the part, such as <c>eu.gateway-1</c>.</summary>
    public string Name { get; }

    /// <summary>Process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Address that the part announced.</summary>
    public Uri Address => _ready.Task.Result;

    /// <summary>True once the process has ended without being told to.</summary>
    public bool Died => !_stopping && _process.HasExited;

    /// <summary>Exit code; only after it has ended.</summary>
    public int ExitCode => _exitCode ?? _process.Exited.Result;

    /// <summary>The last lines of its standard error.</summary>
    public string LastWords => _process.LastWords;

    /// <summary>Starts a part and waits until it says where it listens.</summary>
    /// <param name="processes">Where its process comes from.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="command">Command and its options.</param>
    /// <param name="onLine">Gets each line of standard output after the announcement.</param>
    /// <param name="timeout">Longest wait for the announcement.</param>
    /// <param name="cancel">Cancels the wait and ends the part.</param>
    /// <exception cref="WorldException">It ended, or did not announce itself in time; the message carries its last words.</exception>
    public static async Task<Part> StartAsync(PartProcesses processes, string name, IReadOnlyList<string> command, Action<string>? onLine,
        TimeSpan timeout, CancellationToken cancel)
    {
        var part = new Part(name, processes, command, onLine);
        try
        {
            await part._ready.Task.WaitAsync(timeout, cancel).ConfigureAwait(false);
            return part;
        }
        catch (Exception e) when (e is TimeoutException or WorldException)
        {
            await part.DisposeAsync().ConfigureAwait(false);
            throw new WorldException($"{name} did not start: {(e is TimeoutException ? $"no announcement within {timeout.TotalSeconds:0} s" : e.Message)}\n{part.LastWords}");
        }
        catch (OperationCanceledException)
        {
            await part.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks something of it, and waits for its answer; one at a time.</summary>
    /// <param name="what">What it is to do, such as <c>clock</c>.</param>
    /// <param name="how">What else there is to say about it.</param>
    /// <param name="timeout">Longest wait for the answer.</param>
    /// <param name="cancel">Cancels the wait.</param>
    /// <returns>What it answers.</returns>
    /// <exception cref="WorldException">It cannot, has ended, or does not answer in time.</exception>
    public async Task<JsonObject> AskAsync(string what, JsonObject how, TimeSpan timeout, CancellationToken cancel)
    {
        await _asking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _answer, answer);
            how["do"] = what;
            _process.Send(how.ToJsonString());
            // A process that has ended will not answer.
            if (await Task.WhenAny(answer.Task, _process.Exited).WaitAsync(timeout, cancel).ConfigureAwait(false) != answer.Task) throw new WorldException($"{Name} ended before it could {what}\n{LastWords}");
            var said = await answer.Task.ConfigureAwait(false);
            return (string?)said["kind"] == Done ? said : throw new WorldException($"{Name} cannot {what}: {said["error"]}");
        }
        catch (TimeoutException)
        {
            throw new WorldException($"{Name} did not answer '{what}' within {timeout.TotalSeconds:0} s\n{LastWords}");
        }
        finally
        {
            Volatile.Write(ref _answer, null);
            _asking.Release();
        }
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does; it is not taken for one that ended by itself.</summary>
    public void Kill()
    {
        _stopping = true;
        _process.Kill();
    }

    /// <summary>Asks it to end, waits for its last lines, kills it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _exitCode = await _process.EndPartAsync(GracefulStop).ConfigureAwait(false);
        if (_exitCode is not null) _processes.Return(_kind, _process);
        else await _process.DisposeAsync().ConfigureAwait(false);
        _asking.Dispose();
    }

    private void OnLine(string line)
    {
        if (Volatile.Read(ref _answer) is { } asked && Answer(line) is { } answer) asked.TrySetResult(answer);
        else if (_ready.Task.IsCompleted) _onLine?.Invoke(line);
        else if (AnnouncedAddress(line) is { } address) _ready.TrySetResult(address);
    }

    private async Task EndedEarlyAsync()
    {
        await Task.WhenAny(_process.Exited).ConfigureAwait(false);
        _ready.TrySetException(new WorldException("it ended before it was ready"));
    }

    private static JsonObject? Answer(string line) =>
        line.StartsWith('{') && JsonNode.Parse(line) is JsonObject said && (string?)said["kind"] is (Done or Failed) ? said : null;

    private static Uri? AnnouncedAddress(string line)
    {
        if (!line.StartsWith('{')) return null;
        using var json = JsonDocument.Parse(line);
        var isReady = json.RootElement.TryGetProperty("kind", out var kind) && kind.GetString()!.EndsWith(".ready", StringComparison.Ordinal);
        return isReady ? new Uri(json.RootElement.GetProperty("address").GetString()!) : null;
    }
}

/// <summary>The world could not be built, or broke.</summary>
public sealed class WorldException(string message) : Exception(message);
