using System.Collections.Concurrent;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Streams;

/// <summary>All channels that somebody on this node is subscribed to.</summary>
internal sealed class Hub(IStreamStore store, IRecoveryMerge merge, GatewaySettings settings, GatewayMetrics metrics, TimeProvider time, ILogger<Hub> log)
    : IDisposable
{
    // A start can collide with publications only while they arrive between two reads; more collisions than this mean lost ones.
    private const int StartAttempts = 5;
    private readonly ConcurrentDictionary<string, LocalChannel> _channels = new(StringComparer.Ordinal);
    private readonly Lock _membership = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Adds a subscriber, which keeps live publications until it is started.</summary>
    public LocalChannel Join(string name, Subscriber subscriber)
    {
        lock (_membership)
        {
            var channel = _channels.GetOrAdd(name, n => new LocalChannel(n));
            channel.Join(subscriber);
            return channel;
        }
    }

    public void Leave(LocalChannel channel, Subscriber subscriber)
    {
        lock (_membership)
        {
            if (channel.Leave(subscriber)) _channels.TryRemove(KeyValuePair.Create(channel.Name, channel));
        }
    }

    /// <summary>Reads the stream and starts a joined subscriber.</summary>
    /// <returns>False when no gapless start was possible.</returns>
    /// <exception cref="DependencyUnavailableException">The store cannot be read.</exception>
    public async ValueTask<bool> StartAsync(LocalChannel channel, Subscriber subscriber, StreamPosition? since,
        Func<RecoveryResult, ReadOnlyMemory<byte>> reply, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < StartAttempts; attempt++)
        {
            var read = await store.ReadAsync(channel.Name, since?.Offset, settings.History.RecoveryMax, cancel);
            // Offsets of another region's stream mean nothing here: what the client missed can be anywhere in what is kept.
            if (since is { Seen: not null } && since.Epoch != read.Epoch) read = await store.ReadAsync(channel.Name, 0, settings.History.RecoveryMax, cancel);
            if (channel.Start(subscriber, since, read, merge, reply)) return true;
        }
        return false;
    }

    public void Arrived(string name, LivePublication publication)
    {
        if (_channels.TryGetValue(name, out var channel) && channel.Arrived(publication)) _ = FillAsync(channel);
    }

    /// <summary>Compares every channel with its stream and fills what this node missed.</summary>
    public async ValueTask CompareAsync(CancellationToken cancel)
    {
        foreach (var part in _channels.Values.Chunk(512))
        {
            var positions = await store.PositionsAsync(Array.ConvertAll(part, c => c.Name), cancel);
            for (var i = 0; i < part.Length; i++)
            {
                if (part[i].Compare(positions[i])) _ = FillAsync(part[i]);
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Holds the channel back until history has what is missing, however long the store is away: better late than a gap.</summary>
    private async Task FillAsync(LocalChannel channel)
    {
        var delay = TimeSpan.FromMilliseconds(50);
        try
        {
            var stop = _stop.Token;
            while (!stop.IsCancellationRequested)
            {
                if (!_channels.ContainsKey(channel.Name) || channel.Position is not { } position)
                {
                    channel.AbandonFill();
                    return;
                }
                try
                {
                    var read = await store.ReadAsync(channel.Name, position.Offset, settings.History.Size, stop);
                    if (channel.Fill(read))
                    {
                        metrics.Fill("filled");
                        return;
                    }
                }
                catch (DependencyUnavailableException e)
                {
                    metrics.Fill("postponed");
                    log.LogWarning("channel {Channel} waits for its missing publications: {Reason}", channel.Name, e.Message);
                }
                await Task.Delay(delay, time, stop);
                delay = TimeSpan.FromMilliseconds(Math.Min(1_000, delay.TotalMilliseconds * 2));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            channel.AbandonFill();
        }
        catch (Exception e)
        {
            // Whatever it is, the subscribers must not wait for ever: they come back and recover.
            log.LogError(e, "filling channel {Channel} failed", channel.Name);
            channel.Fail();
        }
    }
}
