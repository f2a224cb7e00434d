using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Chaos.Load.Processes;

/// <summary>
/// A child that speaks JSON lines: what it writes comes to a callback, line by line; what is sent to it goes out in order from a
/// queue, so that sending never blocks. Its standard input ends with this process, whatever ends that.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process _process;
    private readonly Channel<string> _outgoing = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _sending;
    private readonly Task _reading;

    private ChildProcess(Process process, Action<string> onLine, Action<string>? onError)
    {
        _process = process;
        process.ErrorDataReceived += (_, e) =>
        {
            Errors.Add(e.Data);
            if (e.Data is { } line) onError?.Invoke(line);
        };
        process.BeginErrorReadLine();
        _sending = Task.Run(SendAsync);
        _reading = Task.Run(() => ReadAsync(onLine));
        Exited = ExitAsync();
    }

    /// <summary>The last lines of its standard error.</summary>
    public LineTail Errors { get; } = new();

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>It has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Ends with its exit code, after the last line it wrote has been handled; faults when a line could not be handled.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working directory; null for that of this process.</param>
    /// <param name="onLine">Gets each line of its standard output that is not empty.</param>
    /// <param name="onError">Gets each line of its standard error, one after another; may be left out.</param>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string? folder, Action<string> onLine, Action<string>? onError = null)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = Utf8, StandardOutputEncoding = Utf8, StandardErrorEncoding = Utf8,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        return new ChildProcess(process, onLine, onError);
    }

    /// <summary>Queues a line; dropped when the child is gone.</summary>
    public void Send(string line) => _outgoing.Writer.TryWrite(line);

    /// <summary>Ends the child at once, with everything it started.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    /// <summary>Asks the child to end by closing its input, and ends it when it has not after that time.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        _outgoing.Writer.TryComplete();
        await _sending.ConfigureAwait(false);
        _process.StandardInput.Close();
        await Task.WhenAny(Exited, Task.Delay(patience)).ConfigureAwait(false);
        Kill();
        await Task.WhenAny(Exited).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Kill();
        _outgoing.Writer.TryComplete();
        // A fault of the reader was the business of whoever awaited Exited.
        await Task.WhenAny(Exited).ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (var line in _outgoing.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await _process.StandardInput.WriteAsync(line + "\n").ConfigureAwait(false);
                if (!_outgoing.Reader.TryPeek(out _)) await _process.StandardInput.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            // The child closed its input; its exit tells the rest.
            Errors.Add($"(its standard input is closed: {e.Message})");
        }
    }

    private async Task ReadAsync(Action<string> onLine)
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            if (line.Length > 0) onLine(line);
    }

    private async Task<int> ExitAsync()
    {
        try
        {
            await _reading.ConfigureAwait(false);
        }
        catch
        {
            // Nobody reads its output any more, so it would block or run on unwatched.
            Kill();
            throw;
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        _outgoing.Writer.TryComplete();
        return _process.ExitCode;
    }
}
