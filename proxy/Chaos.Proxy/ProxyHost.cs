using System.Net;
using Chaos.Proxy.Control;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Control.Routes;
using Chaos.Proxy.Hosting;
using Chaos.Proxy.Hosting.Config;
using Chaos.Proxy.Http;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tls;
using Chaos.Proxy.Tcp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Chaos.Proxy;

/// <summary>The proxy: control API, links and ledger in one object. <c>chaos proxy</c> runs it; tests run it in process.</summary>
public sealed class ProxyHost : IAsyncDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly LedgerWriter _ledger;
    private readonly Stream? _ledgerOutput;
    private readonly DueScheduler _scheduler = new();
    private readonly ILoggerFactory _loggers = LoggerFactory.Create(logging => logging
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error));
    private readonly HttpServer _server;
    private readonly ProxyRegistry _registry;
    private readonly ProxyMetrics _metrics;
    private readonly ConfigReload _config;
    private readonly WebApplication _control;
    private readonly TimeSpan _drain;
    private Task _overhead = Task.CompletedTask;
    private bool _stopped;

    private ProxyHost(ProxyHostOptions options, ConfigContent config, TimeProvider time)
    {
        var listen = Upstreams.ParseOne(options.Listen);
        var address = listen.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(listen.Host);
        if (!IPAddress.IsLoopback(address) && string.IsNullOrEmpty(options.ControlToken))
            throw new ArgumentException($"The control API at {options.Listen} is reachable from other machines: it needs a control token.", nameof(options));
        _ledgerOutput = options.Ledger switch
        {
            null => null,
            "-" => Console.OpenStandardOutput(),
            var path => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read),
        };
        _ledger = new LedgerWriter(_ledgerOutput);
        _server = new HttpServer(_loggers, new TlsHandshake(options.TlsHandshakeTimeout));
        _drain = options.Drain;
        _registry = new ProxyRegistry(options.Seed ?? config.Seed ?? ProxyHostOptions.DefaultSeed, _ledger, _scheduler, _server, time);
        // A name of its own: several hosts in one process must not read each other's counters.
        var meter = $"Chaos.Proxy.{Guid.NewGuid():N}";
        _metrics = new ProxyMetrics(meter, _registry, _ledger);
        _config = new ConfigReload(options.ConfigFile, config, _registry, _ledger);
        _control = ControlServer.Build(new IPEndPoint(address, listen.Port), options.ControlToken, meter, _loggers, ControlApi.Routes(_registry, _ledger, _config.AgainAsync, time));
    }

    /// <summary>Where the control API listens.</summary>
    public Uri ControlAddress { get; private set; } = new("http://127.0.0.1");

    /// <summary>The seed in force.</summary>
    public long Seed => _registry.Seed;

    /// <summary>What the control API's server has mapped.</summary>
    internal IEnumerable<Endpoint> Endpoints => ((IEndpointRouteBuilder)_control).DataSources.SelectMany(source => source.Endpoints);

    /// <summary>Starts the proxy.</summary>
    /// <param name="time">Runs leases; the system's by default. Delays always run on the system's clock.</param>
    /// <exception cref="ArgumentException">Not loopback and no token.</exception>
    /// <exception cref="FormatException">The listen address is malformed.</exception>
    /// <exception cref="ConfigFileException">The configuration file cannot be used.</exception>
    /// <exception cref="IOException">The address is in use, or the ledger cannot be opened.</exception>
    public static async Task<ProxyHost> StartAsync(ProxyHostOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var config = options.ConfigFile is null ? ConfigContent.Empty : await ConfigReader.ReadAsync(options.ConfigFile).ConfigureAwait(false);
        var host = new ProxyHost(options, config, time ?? TimeProvider.System);
        try
        {
            await host.StartAsync().ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs until cancelled, then stops in order: every connection has its last ledger line.</summary>
    public async Task RunUntilAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync().ConfigureAwait(false);
    }

    /// <summary>Reads the configuration file again. Identical proxies keep their connections.</summary>
    /// <exception cref="ConfigFileException">The file is malformed, and nothing was changed; or a proxy could not be made.</exception>
    /// <exception cref="InvalidOperationException">There is no file, or faults are halted.</exception>
    public async Task<ReloadResult> ReloadAsync()
    {
        try
        {
            return await _config.AgainAsync().ConfigureAwait(false);
        }
        catch (ControlError e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }

    /// <summary>
    /// Accepts no more connections, lets the faults go, gives open connections the time of <see cref="ProxyHostOptions.Drain"/>
    /// to end, ends those that are left, writes out the ledger, and stops.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, true)) return;
        _registry.StopAccepting();
        await DrainAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _overhead.ConfigureAwait(false);
        _registry.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
        await _ledger.DisposeAsync().ConfigureAwait(false);
        // Who listens to the ledger has its last line, and a moment to take it.
        using (var patience = new CancellationTokenSource(LastWords))
            await _control.StopAsync(patience.Token).ConfigureAwait(false);
        await _control.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        _config.Dispose();
        if (_ledgerOutput is not null) await _ledgerOutput.DisposeAsync().ConfigureAwait(false);
        _scheduler.Dispose();
        _loggers.Dispose();
        _stopping.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync());

    private async Task StartAsync()
    {
        await _server.StartAsync(CancellationToken.None).ConfigureAwait(false);
        _config.Start();
        await _control.StartAsync().ConfigureAwait(false);
        ControlAddress = new Uri(_control.Urls.First());
        _ledger.Ready(ControlAddress.GetLeftPart(UriPartial.Authority));
        _overhead = OverheadLoop.RunAsync(_registry, _ledger, _stopping.Token);
    }

    private async Task DrainAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var start = TimeProvider.System.GetTimestamp(); _registry.OpenCount > 0 && TimeProvider.System.GetElapsedTime(start) < _drain;)
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
    }
}
