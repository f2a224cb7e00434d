using System.Runtime.InteropServices;

namespace Chaos.Cli.Hosting;

/// <summary>Turns signals, and the end of the parent process, into one cancellation.</summary>
internal sealed class Lifetime : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    private Lifetime()
    {
    }

    /// <summary>Cancelled when it is time to end in order.</summary>
    public CancellationToken Ending => _end.Token;

    /// <summary>For a command that a person runs: SIGINT and SIGTERM end it in order; a second one ends it at once.</summary>
    public static Lifetime OfUser()
    {
        var lifetime = new Lifetime();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            lifetime._signals.Add(PosixSignalRegistration.Create(signal, lifetime.OnSignal));
        return lifetime;
    }

    /// <summary>
    /// For a part of a world. Its standard input is a pipe from the engine, which the operating system closes when the engine
    /// dies in any way. SIGINT is not for it: a terminal sends Ctrl-C to every process of the group, and the parts must outlive
    /// the engine's clean-up.
    /// </summary>
    /// <param name="exitWithParent">Whether it is a part of a world; otherwise a person runs it.</param>
    /// <param name="orders">What the engine may ask of it meanwhile, on that pipe.</param>
    public static Lifetime OfPart(bool exitWithParent, Orders orders)
    {
        if (!exitWithParent) return OfUser();
        var lifetime = new Lifetime();
        lifetime._signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true));
        lifetime._signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, lifetime.OnSignal));
        var input = Console.In;
        var watch = new Thread(() => lifetime.WatchInput(input, orders)) { IsBackground = true, Name = "parent-watch" };
        watch.Start();
        return lifetime;
    }

    /// <summary>Waits for the end.</summary>
    public Task UntilEndAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _end.Token.Register(() => ended.TrySetResult());
        return ended.Task;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _end.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = !_end.IsCancellationRequested;
        _end.Cancel();
    }

    private void WatchInput(TextReader input, Orders orders)
    {
        while (input.ReadLine() is { } line) orders.Take(line);
        _end.Cancel();
    }
}
