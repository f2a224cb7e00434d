using System.Globalization;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Chaos.Gateway.Replication;

/// <summary>The stores of other regions.</summary>
internal sealed class RedisReplicas(GatewaySettings settings, ReplicationMetrics metrics, TimeProvider time, ILoggerFactory logs) : IReplicas
{
    public async Task<IReplica> OpenAsync(string region)
    {
        var connection = await RedisConnection.OpenAsync(Endpoints.Parse(settings.Replication.Peers[region]), settings, logs);
        return new RedisReplica(region, connection, settings, metrics, time);
    }
}

/// <summary>Another region's store. Every line is taken in one step with its number, so that none is taken twice or out of order.</summary>
internal sealed class RedisReplica(string region, RedisConnection connection, GatewaySettings settings, ReplicationMetrics metrics, TimeProvider time) : IReplica
{
    private readonly HistorySettings _history = settings.History;

    public async ValueTask TakeAsync(IReadOnlyList<OutboxLine> lines, CancellationToken cancel)
    {
        try
        {
            // One connection keeps the order of what is sent on it, so they need not wait for each other.
            var results = await Task.WhenAll(lines.Select(TakeAsync)).WaitAsync(TimeSpan.FromMilliseconds(settings.Replication.TimeoutMs), time, cancel);
            foreach (var result in results) metrics.Entry(region, result);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new ReplicaUnavailableException(region, e);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private Task<string> TakeAsync(OutboxLine line) => line switch
    {
        OutboxLine.Published p => TakeAsync(p),
        OutboxLine.SessionChanged s => TakeAsync(s),
        _ => throw new InvalidOperationException($"no way to replicate {line.GetType().Name}"),
    };

    private async Task<string> TakeAsync(OutboxLine.Published p)
    {
        RedisKey[] keys = [Keys.Meta(p.Channel), Keys.Log(p.Channel), Keys.Idempotency(p.Channel, p.MidHash)];
        RedisValue[] values =
        [
            p.Data, RedisStreamStore.NewEpoch(), _history.Size, _history.TtlS * 1000L, _history.MetaTtlS * 1000L, p.BodyHash, _history.IdempotencyTtlS * 1000L,
            (string)Keys.Live!, p.Channel, p.From.Stream, p.From.Seq.ToString(CultureInfo.InvariantCulture),
        ];
        return (int)await connection.Database.ScriptEvaluateAsync(Scripts.Apply, keys, values) switch
        {
            0 => "applied",
            1 => "known",
            2 => "published-there",
            _ => "after-gap",
        };
    }

    private async Task<string> TakeAsync(OutboxLine.SessionChanged s)
    {
        RedisValue[] values = [s.Uses, s.Changes, s.Generation, s.TtlMs, s.State];
        return (int)await connection.Database.ScriptEvaluateAsync(Scripts.ApplyResume, [s.Key], values) == 0 ? "session" : "known";
    }
}
