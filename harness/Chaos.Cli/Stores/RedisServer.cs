using System.Globalization;
using System.Net;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Engine.Nodes;
using Chaos.Gateway.Stores;
using Chaos.Load.Processes;

namespace Chaos.Cli.Stores;

/// <summary>A real <c>redis-server</c> as a child of this process. It keeps a log of what it has acknowledged, in a folder that goes with it.</summary>
internal sealed class RedisServer : IServerPart
{
    private const string Ready = "Ready to accept connections";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    // A log in memory outlives the process that writes it, as one on a disk does, and no busy disk makes the store stand still.
    private const string Memory = "/dev/shm";
    private const long Roomy = 1L << 30;

    private readonly DirectoryInfo _folder = NewFolder();
    private readonly string _program;
    private ChildProcess? _process;
    private ProcessHold? _hold;

    private RedisServer(string program) => _program = program;

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Starts one.</summary>
    /// <param name="program">Its path, or a name on PATH.</param>
    /// <param name="port">Port on 127.0.0.1, 0 for a free one.</param>
    /// <exception cref="UsageException">There is no such program, or it does not start.</exception>
    public static async Task<RedisServer> StartAsync(string program, int port)
    {
        var server = new RedisServer(program);
        try
        {
            await server.BeginAsync(port).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task PauseAsync() => _hold ??= await ProcessHold.StopAsync(Running.Id, CancellationToken.None).ConfigureAwait(false);

    public async Task ResumeAsync()
    {
        if (_hold is not { } hold) return;
        _hold = null;
        await hold.DisposeAsync().ConfigureAwait(false);
    }

    public async Task EndAsync(bool atOnce)
    {
        var process = Running;
        if (!atOnce)
        {
            // The shell's own kill is everywhere, and .NET has none that asks.
            await using var asking = ChildProcess.Start("sh", ["-c", "kill -TERM $0", $"{process.Id}"], null, _ => { });
            await Task.WhenAny(process.Exited, Task.Delay(StopLimit)).ConfigureAwait(false);
        }

        await EndAsync(process).ConfigureAwait(false);
        _process = null;
    }

    /// <summary>On another port: its own may have been taken by then.</summary>
    public Task StartAgainAsync() => _process is null ? BeginAsync(0) : throw new InvalidOperationException("it runs");

    public async ValueTask DisposeAsync()
    {
        await ResumeAsync().ConfigureAwait(false);
        if (_process is { } process) await EndAsync(process).ConfigureAwait(false);
        _folder.Delete(recursive: true);
    }

    private ChildProcess Running => _process ?? throw new InvalidOperationException("it has been ended");

    private async Task BeginAsync(int port)
    {
        var said = "";
        // Between finding a free port and binding it somebody else can take it.
        for (var attempt = 0; attempt < (port == 0 ? 10 : 1); attempt++)
        {
            var address = new IPEndPoint(IPAddress.Loopback, port == 0 ? LoopbackPort.Free() : port);
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var lines = new LineTail();
            var process = Start(address, line =>
            {
                lines.Add(line);
                if (line.Contains(Ready, StringComparison.Ordinal)) ready.TrySetResult();
            });
            await Task.WhenAny(ready.Task, process.Exited, Task.Delay(StartLimit)).ConfigureAwait(false);
            if (ready.Task.IsCompleted)
            {
                (_process, Address) = (process, address);
                return;
            }

            said = $"{lines}\n{process.Errors}".Trim();
            await EndAsync(process).ConfigureAwait(false);
        }

        throw new UsageException($"{_program} did not start: {said}");
    }

    private static async Task EndAsync(ChildProcess process)
    {
        process.Kill();
        await process.DisposeAsync().ConfigureAwait(false);
    }

    private ChildProcess Start(IPEndPoint address, Action<string> onLine)
    {
        try
        {
            return ChildProcess.Start(_program, ["--port", address.Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName, .. RedisOptions.Durable], null, onLine);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UsageException($"{_program} cannot be started: {e.Message}. Install Redis 7 (Debian: redis-server), or use the embedded store.");
        }
    }

    private static DirectoryInfo NewFolder() =>
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Roomy
            ? Directory.CreateDirectory(Path.Combine(Memory, $"chaos-store-{Path.GetRandomFileName()}"))
            : Directory.CreateTempSubdirectory("chaos-store-");
}
