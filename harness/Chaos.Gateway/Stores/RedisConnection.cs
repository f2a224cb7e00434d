using System.Net;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Chaos.Gateway.Stores;

/// <summary>
/// The connection to Redis. It never waits for a lost connection: commands fail at once (the pipeline in front of it decides what follows)
/// and a new connection is tried several times a second, so that a node is back within a second of Redis.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;

    private RedisConnection(ConnectionMultiplexer multiplexer, Keys keys)
    {
        Keys = keys;
        _multiplexer = multiplexer;
        Database = multiplexer.GetDatabase();
        Subscriber = multiplexer.GetSubscriber();
        multiplexer.ConnectionRestored += (_, _) => Restored?.Invoke();
    }

    /// <summary>Names of everything that this node reads and writes here.</summary>
    public Keys Keys { get; }

    public IDatabase Database { get; }

    public ISubscriber Subscriber { get; }

    public bool IsConnected => _multiplexer.IsConnected;

    /// <summary>Raised after a lost connection, for commands or for pub/sub, is back.</summary>
    public event Action? Restored;

    public static async Task<RedisConnection> OpenAsync(EndPoint address, GatewaySettings settings, ILoggerFactory logs)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { address },
            ClientName = settings.Node,
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast,
            // Two connections, so that a flood of publications does not stand in the way of commands.
            Protocol = RedisProtocol.Resp2,
            ConnectRetry = 1,
            ConnectTimeout = 1_500,
            AsyncTimeout = Math.Max(settings.Dependency.AttemptTimeoutMs * 2, 1_000),
            SyncTimeout = 1_000,
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            KeepAlive = 1,
            ReconnectRetryPolicy = new LinearRetry(200),
            // The Polly pipeline is the only one that retries or breaks.
            RetryPolicy = null,
            CircuitBreaker = null,
            ConfigurationChannel = "",
            TieBreaker = "",
        };
        return new RedisConnection(await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false), new Keys(settings.KeyPrefix)) { _log = logs.CreateLogger<RedisConnection>() }.Watch();
    }

    private ILogger? _log;

    private RedisConnection Watch()
    {
        _multiplexer.ConnectionFailed += (_, e) => _log?.LogWarning("lost the {Type} connection to Redis: {Failure}", e.ConnectionType, e.FailureType);
        _multiplexer.ConnectionRestored += (_, e) => _log?.LogInformation("the {Type} connection to Redis is back", e.ConnectionType);
        return this;
    }

    /// <summary>Runs each kind of script once on keys that nobody uses: the first run compiles it, here and in the store.</summary>
    public async Task<bool> TryWarmUpAsync()
    {
        const string Nobody = "warm-up";
        try
        {
            await Database.ScriptEvaluateAsync(Scripts.Publish, [Keys.Meta(Nobody), Keys.Log(Nobody), Keys.Idempotency(Nobody, Nobody, Nobody), Keys.Idempotency(Nobody, Nobody, Nobody)],
                ["{}", Nobody, 1, 1_000, 1_000, Nobody, 1_000, Nobody, Nobody]);
            await Database.ScriptEvaluateAsync(Scripts.Read, [Keys.Meta(Nobody), Keys.Log(Nobody)], [Nobody, 1_000, 0, 1]);
            await Database.ScriptEvaluateAsync(Scripts.BeginResume, [Keys.Session(Nobody)], [Nobody, 1_000]);
            await Database.ScriptEvaluateAsync(Scripts.UseResume, [Keys.Session(Nobody)], [Nobody, Nobody, 1_000]);
            await Database.ScriptEvaluateAsync(Scripts.SaveResume, [Keys.Session(Nobody)], [Nobody, "{}"]);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            _log?.LogDebug("warming up: {Reason}", e.Message);
            return false;
        }
    }

    public async ValueTask DisposeAsync() => await _multiplexer.DisposeAsync();
}
