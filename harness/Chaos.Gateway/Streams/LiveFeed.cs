using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Chaos.Gateway.Streams;

/// <summary>
/// This node's subscription to Redis. Pub/sub promises nothing, so it is watched: a beacon is sent regularly and after each lost
/// connection. Once the node hears its own beacon, everything published later will arrive, and everything earlier is found by comparing
/// positions; if it does not hear it, it subscribes anew.
/// </summary>
internal sealed class LiveFeed(RedisConnection connection, RedisGate redis, Hub hub, IEnumerable<ILiveListener> listeners, GatewaySettings settings, TimeProvider time,
    ILogger<LiveFeed> log) : BackgroundService
{
    private static readonly TimeSpan BeaconTimeout = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _firstLive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelMessageQueue? _queue;
    private volatile TaskCompletionSource? _heard;
    private volatile string? _nonce;

    /// <summary>Whether the last beacon was heard.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Completes when a beacon has been heard for the first time.</summary>
    public Task FirstLive => _firstLive.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        connection.Restored += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = TimeSpan.FromMilliseconds(settings.History.CheckIntervalMs);
                try
                {
                    IsLive = await CheckAsync(stoppingToken);
                    if (IsLive) _firstLive.TrySetResult();
                    else next = TimeSpan.FromMilliseconds(100);
                }
                catch (DependencyUnavailableException e)
                {
                    IsLive = false;
                    next = TimeSpan.FromMilliseconds(250);
                    log.LogDebug("the Redis subscription cannot be checked: {Reason}", e.Message);
                }
                await WaitAsync(next, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogDebug("stopping");
        }
        finally
        {
            connection.Restored -= Wake;
        }
    }

    /// <returns>True when the subscription lives and every channel has been compared since it did.</returns>
    private async Task<bool> CheckAsync(CancellationToken cancel)
    {
        if (_queue is null && !await SubscribeAsync(cancel)) return false;
        if (!await BeaconAsync(cancel))
        {
            log.LogWarning("the Redis subscription is silent; subscribing anew");
            if (_queue is { } silent) await UnsubscribeAsync(silent);
            _queue = null;
            return false;
        }
        foreach (var listener in listeners) await listener.CompareAsync(cancel);
        await hub.CompareAsync(cancel);
        return true;
    }

    private async Task<bool> SubscribeAsync(CancellationToken cancel)
    {
        try
        {
            var queue = await connection.Subscriber.SubscribeAsync(connection.Keys.Live).WaitAsync(BeaconTimeout, time, cancel);
            queue.OnMessage(m => Handle(m.Message));
            _queue = queue;
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            log.LogDebug("cannot subscribe: {Reason}", e.Message);
            return false;
        }
    }

    private async Task UnsubscribeAsync(ChannelMessageQueue queue)
    {
        try
        {
            await queue.UnsubscribeAsync().WaitAsync(BeaconTimeout, time);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            log.LogDebug("cannot unsubscribe: {Reason}", e.Message);
        }
    }

    private async Task<bool> BeaconAsync(CancellationToken cancel)
    {
        var nonce = Guid.NewGuid().ToString("N");
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_heard, _nonce) = (heard, nonce);
        await redis.RunAsync((redis.Keys.Live, Message: LiveMessage.Write(new LiveMessage.Beacon(nonce))), static (db, s) => db.PublishAsync(s.Live, s.Message), cancel);
        try
        {
            await heard.Task.WaitAsync(BeaconTimeout, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Handle(RedisValue message)
    {
        switch (LiveMessage.Parse((byte[])message!))
        {
            case LiveMessage.Published p:
                hub.Arrived(p.Channel, p.Publication);
                foreach (var listener in listeners) listener.Handle(p);
                break;
            case LiveMessage.Beacon b:
                if (b.Nonce == _nonce) _heard?.TrySetResult();
                break;
            case { } other:
                foreach (var listener in listeners) listener.Handle(other);
                break;
            default:
                log.LogWarning("a message of an unknown kind came through Redis");
                break;
        }
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var woken = _wake.WaitAsync(either.Token);
        await Task.WhenAny(woken, Task.Delay(delay, time, either.Token));
        await either.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            log.LogTrace("already awake");
        }
    }
}

/// <summary>Somebody else who listens to what nodes tell each other.</summary>
internal interface ILiveListener
{
    void Handle(LiveMessage message);

    /// <summary>Catches up with what may have been missed.</summary>
    ValueTask CompareAsync(CancellationToken cancel);
}
