using Chaos.Load.Processes;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// Keeps a process from running, all the time or part of it, for as long as this object lives. A shell does it (its own <c>kill</c> is
/// everywhere, and none of this runs in the process that is held), and lets go when its input ends: also when the harness is killed.
/// </summary>
public sealed class ProcessHold : IAsyncDisposable
{
    private const string Held = "held";

    /// <summary>$0 is the process id, $1 and $2 the seconds of a stop and of a go. An interrupt from the terminal is the harness's to answer.</summary>
    private const string Prologue = "trap '' INT HUP; kill -0 $0 || exit 1; ";
    private const string Always = $"{Prologue} kill -STOP $0; echo {Held}; cat >/dev/null; kill -CONT $0";
    private const string InTurns = $"{Prologue} ( while kill -STOP $0; do sleep $1; kill -CONT $0; sleep $2; done ) & echo {Held}; cat >/dev/null; kill $!; wait $!; kill -CONT $0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _shell;

    private ProcessHold(ChildProcess shell) => _shell = shell;

    /// <summary>Holds a process from now on, entirely.</summary>
    /// <exception cref="InvalidOperationException">There is no such process, or no shell.</exception>
    public static Task<ProcessHold> StopAsync(int pid, CancellationToken cancel) => StartAsync(Always, [$"{pid}"], cancel);

    /// <summary>Holds a process for a share of every period.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="share">Share of the time, 0 to 1, in which it does not run.</param>
    /// <param name="period">Length of a stop and a go together.</param>
    /// <param name="cancel">Cancels the start.</param>
    /// <exception cref="InvalidOperationException">There is no such process, or no shell.</exception>
    public static Task<ProcessHold> ThrottleAsync(int pid, double share, TimeSpan period, CancellationToken cancel) =>
        StartAsync(InTurns, [$"{pid}", Seconds(period * share), Seconds(period * (1 - share))], cancel);

    /// <summary>Lets it go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _shell.EndAsync(Patience).ConfigureAwait(false);
        await _shell.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<ProcessHold> StartAsync(string script, string[] arguments, CancellationToken cancel)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var shell = ChildProcess.Start("sh", ["-c", script, .. arguments], null, line =>
        {
            if (line == Held) held.TrySetResult();
        });
        var hold = new ProcessHold(shell);
        try
        {
            if (await Task.WhenAny(held.Task, shell.Exited).WaitAsync(cancel).ConfigureAwait(false) == held.Task) return hold;
            throw new InvalidOperationException($"process {arguments[0]} could not be held: {shell.Errors}");
        }
        catch
        {
            await hold.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
