using System.Diagnostics;
using System.Text.Json;

namespace Chaos.Experiments.Engine.Processes;

/// <summary>
/// A part of the world in a process of its own. It lives as long as its standard input stays open, which the operating
/// system closes when this process dies in any way.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int StderrLinesKept = 40;
    private static readonly TimeSpan GracefulStop = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _stderr = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Action<string>? _onLine;
    private volatile bool _stopping;

    private ChildProcess(string name, Process process, Action<string>? onLine)
    {
        Name = name;
        _process = process;
        _onLine = onLine;
        _reading = Task.WhenAll(ReadOutputAsync(), ReadErrorsAsync());
    }

    /// <summary>Name of the part, such as <c>eu.gateway-1</c>.</summary>
    public string Name { get; }

    /// <summary>Process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Address that the part announced.</summary>
    public Uri Address => _ready.Task.Result;

    /// <summary>True once the process has ended without being told to.</summary>
    public bool Died => _process.HasExited && !_stopping;

    /// <summary>Exit code; only after it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a part and waits until it says where it listens.</summary>
    /// <param name="self">The program.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="arguments">Command and its options.</param>
    /// <param name="onLine">Gets each line of standard output after the announcement.</param>
    /// <param name="timeout">Longest wait for the announcement.</param>
    /// <param name="cancel">Cancels the wait and ends the part.</param>
    /// <exception cref="WorldException">It ended, or did not announce itself in time; the message carries its last words.</exception>
    public static async Task<ChildProcess> StartAsync(Self self, string name, IEnumerable<string> arguments, Action<string>? onLine,
        TimeSpan timeout, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(self.FileName)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var argument in self.Prefix.Concat(arguments)) start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new WorldException($"{name} could not be started.");
        var child = new ChildProcess(name, process, onLine);
        try
        {
            await child._ready.Task.WaitAsync(timeout, cancel).ConfigureAwait(false);
            return child;
        }
        catch (Exception e) when (e is TimeoutException or WorldException)
        {
            await child.DisposeAsync().ConfigureAwait(false);
            throw new WorldException($"{name} did not start: {(e is TimeoutException ? $"no announcement within {timeout.TotalSeconds:0} s" : e.Message)}\n{child.LastWords()}");
        }
        catch (OperationCanceledException)
        {
            await child.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The last lines of its standard error.</summary>
    public string LastWords()
    {
        lock (_stderr) return string.Join('\n', _stderr);
    }

    /// <summary>Asks it to end by closing its input, waits for its last lines, kills it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(GracefulStop);
        try
        {
            await _process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await _reading.ConfigureAwait(false);
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (_ready.Task.IsCompleted) _onLine?.Invoke(line);
            else if (AnnouncedAddress(line) is { } address) _ready.TrySetResult(address);
        }

        _ready.TrySetException(new WorldException("it ended before it was ready"));
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_stderr)
            {
                _stderr.Enqueue(line);
                if (_stderr.Count > StderrLinesKept) _stderr.Dequeue();
            }
        }
    }

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
