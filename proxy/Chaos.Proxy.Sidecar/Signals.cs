using System.Runtime.InteropServices;

namespace Chaos.Proxy.Sidecar;

/// <summary>
/// What tells the proxy to end: SIGTERM, SIGINT (a second one of them ends it at once), or the end of its parent. With a
/// parent SIGINT is not for it: a terminal sends Ctrl-C to every process of the group, and the proxy must outlive the
/// parent's clean-up.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public Signals(bool exitWithParent)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, End));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, exitWithParent ? context => context.Cancel = true : End));
        if (!exitWithParent) return;
        var input = Console.In;
        new Thread(() => WatchInput(input)) { IsBackground = true, Name = "parent-watch" }.Start();
    }

    /// <summary>Cancelled when it is time to end in order.</summary>
    public CancellationToken Ending => _end.Token;

    /// <summary>Calls back on SIGHUP until it is disposed; without it a terminal that hangs up ends the process.</summary>
    public static IDisposable OnHangUp(Action action) => PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        action();
    });

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _end.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        // Not cancelled means that the runtime ends the process.
        context.Cancel = !_end.IsCancellationRequested;
        _end.Cancel();
    }

    private void WatchInput(TextReader input)
    {
        while (input.ReadLine() is not null)
        {
            // Nothing is said on it; only its end means something.
        }
        _end.Cancel();
    }
}
