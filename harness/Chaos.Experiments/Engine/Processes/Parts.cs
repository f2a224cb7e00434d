using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Processes;

/// <summary>The parts of a world that run now. Whatever starts or ends is in the journal.</summary>
/// <param name="processes">Where their processes come from.</param>
/// <param name="journal">Where it is written.</param>
/// <param name="clock">The run's clock.</param>
internal sealed class Parts(PartProcesses processes, IJournal journal, Clock clock)
{
    public const string Gateway = "gateway", Proxy = "proxy", Store = "store", Upstream = "upstream";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<(Part Part, string Role)> _running = [];

    /// <summary>The gateway processes, in the order of their names.</summary>
    public IReadOnlyList<Part> Gateways
    {
        get
        {
            lock (_lock) return [.. _running.Where(r => r.Role == Gateway).Select(r => r.Part).OrderBy(p => p.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>One that ended by itself, or null.</summary>
    public Part? Dead
    {
        get
        {
            lock (_lock) return _running.Find(r => r.Part.Died).Part;
        }
    }

    /// <summary>Starts a part.</summary>
    /// <param name="name">Its name, such as <c>eu.gateway-1</c>.</param>
    /// <param name="role">What it is, and the command that it is started with.</param>
    /// <param name="options">Options of that command.</param>
    /// <param name="onLine">Gets each line that it prints once it is there.</param>
    /// <param name="cancel">Ends the start, and the process.</param>
    /// <exception cref="WorldException">It did not start.</exception>
    public async Task<Part> StartAsync(string name, string role, IEnumerable<string> options, Action<string>? onLine, CancellationToken cancel)
    {
        var part = await Part.StartAsync(processes, name, [role, "--listen", "127.0.0.1:0", .. options, "--exit-with-parent"], onLine, StartTimeout, cancel).ConfigureAwait(false);
        lock (_lock) _running.Add((part, role));
        journal.Write(new PartStarted(name, role, part.Address.Authority, part.Pid) { At = clock.NowUs });
        return part;
    }

    /// <summary>Stops a part, and records how it ended. One that somebody else has stopped is left alone.</summary>
    public async Task EndAsync(Part part)
    {
        string role;
        lock (_lock)
        {
            var index = _running.FindIndex(r => r.Part == part);
            if (index < 0) return;
            role = _running[index].Role;
            _running.RemoveAt(index);
        }

        var expected = !part.Died;
        await part.DisposeAsync().ConfigureAwait(false);
        if (!expected) journal.Write(new HarnessFailed(part.Name, $"ended by itself with exit code {part.ExitCode}: {part.LastWords}") { At = clock.NowUs });
        journal.Write(new PartEnded(part.Name, role, part.ExitCode, expected) { At = clock.NowUs });
    }

    /// <summary>Stops every part, the last started first. The proxy goes last, so that its ledger sees every connection end.</summary>
    public async Task EndAllAsync()
    {
        List<(Part Part, string Role)> running;
        lock (_lock) running = [.. _running];
        running.Reverse();
        foreach (var (part, _) in running.OrderBy(r => r.Role == Proxy)) await EndAsync(part).ConfigureAwait(false);
    }
}
