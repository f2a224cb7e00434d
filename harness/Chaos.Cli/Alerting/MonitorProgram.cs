using System.Text.RegularExpressions;
using Chaos.Cli.Hosting;
using Chaos.Load.Processes;

namespace Chaos.Cli.Alerting;

/// <summary>A Prometheus or an Alertmanager as a child of this process, on a free loopback port.</summary>
internal sealed partial class MonitorProgram : IAsyncDisposable
{
    public const string Prometheus = "prometheus";
    public const string Alertmanager = "alertmanager";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(45);

    private readonly ChildProcess _process;
    private readonly TextWriter _log;

    private MonitorProgram(ChildProcess process, TextWriter log, Uri address) => (_process, _log, Address) = (process, log, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>It has ended.</summary>
    public Task Ended => _process.Exited;

    /// <summary>The last lines of its log.</summary>
    public string LastWords => _process.Errors.ToString();

    /// <summary>Starts it, and waits until it says where it listens.</summary>
    /// <param name="kind"><see cref="Prometheus"/> or <see cref="Alertmanager"/>.</param>
    /// <param name="program">Its path.</param>
    /// <param name="folder">Folder of its configuration, data and log.</param>
    /// <param name="config">Name of its configuration there.</param>
    /// <param name="cancel">Ends the wait, and the program.</param>
    /// <exception cref="UsageException">It cannot be started, or ends before it listens.</exception>
    public static async Task<MonitorProgram> StartAsync(string kind, string program, string folder, string config, CancellationToken cancel)
    {
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(folder, $"{kind}.log")) { AutoFlush = true });
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Start();
        try
        {
            await Task.WhenAny(listening.Task, process.Exited).WaitAsync(StartLimit, cancel).ConfigureAwait(false);
            if (listening.Task.IsCompletedSuccessfully) return new MonitorProgram(process, log, await listening.Task.ConfigureAwait(false));
            throw new UsageException($"{program} did not start: {process.Errors}");
        }
        catch (Exception e)
        {
            await process.DisposeAsync().ConfigureAwait(false);
            await log.DisposeAsync().ConfigureAwait(false);
            throw e is TimeoutException ? new UsageException($"{program} did not say where it listens within {StartLimit.TotalSeconds:0} s: {process.Errors}") : e;
        }

        ChildProcess Start()
        {
            try
            {
                return ChildProcess.Start(program, Arguments(kind, folder, config), folder, log.WriteLine, line =>
                {
                    log.WriteLine(line);
                    if (ListensAt().Match(line) is { Success: true } match) listening.TrySetResult(new Uri($"http://{match.Groups[1].Value}"));
                });
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                throw new UsageException($"{program} cannot be started: {e.Message}.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What it has written ahead is on disk, and is read again by whoever opens the folder.
        _process.Kill();
        await _process.DisposeAsync().ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
    }

    private static string[] Arguments(string kind, string folder, string config) => kind == Prometheus
        ?
        [
            $"--config.file={Path.Combine(folder, config)}", $"--storage.tsdb.path={Path.Combine(folder, "prometheus")}", "--web.listen-address=127.0.0.1:0", "--web.enable-lifecycle",
            // Both are to be fast for runs in which a second stands for many: targets that change, and an alert that Alertmanager missed while it read its configuration.
            "--scrape.discovery-reload-interval=100ms", "--rules.alert.resend-delay=1s",
        ]
        :
        [
            $"--config.file={Path.Combine(folder, config)}", $"--storage.path={Path.Combine(folder, "alertmanager")}", "--web.listen-address=127.0.0.1:0",
            // Alone: it looks for no others.
            "--cluster.listen-address=",
        ];

    [GeneratedRegex("msg=\"Listening on\".*?address=(\\S+)")]
    private static partial Regex ListensAt();
}
