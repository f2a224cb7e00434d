using System.Net;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Sockets;
using Chaos.Gateway.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway;

/// <summary>
/// A running gateway node: <c>/connection/websocket</c>, <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c> and the admin API under
/// <c>/admin/</c>.
/// </summary>
public sealed class GatewayHost : IAsyncDisposable
{
    // Longer than a healthy client takes to answer a close; those who do not answer are dropped.
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(5);
    private readonly WebApplication _app;
    private readonly RedisConnection _redis;
    private readonly EmbeddedStore? _store;
    private int _stopped;

    private GatewayHost(WebApplication app, RedisConnection redis, EmbeddedStore? store)
    {
        (_app, _redis, _store) = (app, redis, store);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Address { get; }

    /// <summary>The node's services.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Starts a node. It listens when this returns, also while Redis is away.</summary>
    /// <param name="settings">What it is told; without <see cref="GatewaySettings.Redis"/> it starts an embedded store.</param>
    /// <param name="customise">Replaces parts of it.</param>
    /// <param name="time">The clock, the system's by default.</param>
    /// <exception cref="SettingsException">The settings cannot be used; the message names every error.</exception>
    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, Action<IServiceCollection>? customise = null, TimeProvider? time = null)
    {
        SettingsValidator.ThrowIfInvalid(settings);
        var store = settings.Redis is null ? EmbeddedStore.Start() : null;
        WebApplication? app = null;
        RedisConnection? redis = null;
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
            ConfigureLogs(builder.Logging);
            var listen = IPEndPoint.Parse(settings.Listen);
            builder.WebHost.ConfigureKestrel(k =>
            {
                k.AddServerHeader = false;
                k.Limits.MaxRequestBodySize = 1_048_576;
                k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
                k.Listen(listen);
            });
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownLimit);
            using var logs = LoggerFactory.Create(ConfigureLogs);
            redis = await RedisConnection.OpenAsync(store?.Address ?? Endpoints.Parse(settings.Redis!), settings, logs);
            GatewayServices.Add(builder.Services, settings, redis, time ?? TimeProvider.System);
            customise?.Invoke(builder.Services);
            app = builder.Build();
            GatewayRoutes.Map(app);
            await app.StartAsync();
            await WarmUpAsync(app, redis);
            return new GatewayHost(app, redis, store);
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            if (redis is not null) await redis.DisposeAsync();
            store?.Dispose();
            throw;
        }
    }

    /// <summary>Runs until <paramref name="cancel"/>, then stops gracefully.</summary>
    public async Task RunUntilAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
        }
    }

    /// <summary>Stops: nothing new is taken, every client is closed with 3001, what they leave behind is saved.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        _app.Services.GetRequiredService<HandshakeGuard>().Draining = true;
        var sockets = _app.Services.GetRequiredService<WebSocketEndpoint>();
        await sockets.CloseAllAsync(CloseReason.Shutdown, TimeSpan.Zero, CancellationToken.None);
        await sockets.WhenEmptyAsync(ShutdownLimit);
        await SaveSessionsAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _redis.DisposeAsync();
        _store?.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Gives Redis a moment, so that a node that says it is ready serves its first client at once. Without Redis it starts all the same.</summary>
    private static async Task WarmUpAsync(WebApplication app, RedisConnection redis)
    {
        using var limit = new CancellationTokenSource(WarmUpLimit);
        try
        {
            await app.Services.GetRequiredService<Streams.LiveFeed>().FirstLive.WaitAsync(limit.Token);
            while (!await redis.TryWarmUpAsync().WaitAsync(limit.Token)) await Task.Delay(50, limit.Token);
        }
        catch (OperationCanceledException)
        {
            app.Logger.LogWarning("Redis is not there yet; starting without it");
        }
    }

    private async Task SaveSessionsAsync()
    {
        try
        {
            await _app.Services.GetRequiredService<Sessions.SessionSaver>().FlushAsync(CancellationToken.None);
        }
        catch (Dependencies.DependencyUnavailableException e)
        {
            _app.Logger.LogWarning("sessions could not be saved: {Reason}", e.Message);
        }
    }

    private static void ConfigureLogs(ILoggingBuilder logs)
    {
        logs.ClearProviders();
        // Standard output is for machine-readable lines only.
        logs.AddSimpleConsole(o => o.SingleLine = true);
        logs.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        logs.SetMinimumLevel(LogLevel.Warning);
    }
}
