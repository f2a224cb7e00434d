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

/// <summary>
/// Another region's store. All lines are taken in one step, so that none is taken twice or out of order, and none without those before it: of commands
/// that are sent one by one, the first can fail for lack of a connection and the next find it restored.
/// </summary>
internal sealed class RedisReplica(string region, RedisConnection connection, GatewaySettings settings, ReplicationMetrics metrics, TimeProvider time) : IReplica
{
    private static readonly string[] Outcomes = ["applied", "known", "published-there", "after-gap", "session", "known", "session-forked"];
    private readonly Keys _keys = connection.Keys;
    private readonly HistorySettings _history = settings.History;

    public async ValueTask TakeAsync(IReadOnlyList<OutboxLine> lines, CancellationToken cancel)
    {
        List<RedisKey> keys = [_keys.Forks];
        List<RedisValue> values =
        [
            RedisStreamStore.NewEpoch(), _history.Size, _history.TtlS * 1000L, _history.MetaTtlS * 1000L, _history.IdempotencyTtlS * 1000L, (string)_keys.Live!,
        ];
        foreach (var line in Newest(lines)) Add(line, keys, values);
        try
        {
            var results = await connection.Database.ScriptEvaluateAsync(Scripts.Apply, [.. keys], [.. values]).WaitAsync(TimeSpan.FromMilliseconds(settings.Replication.TimeoutMs), time, cancel);
            foreach (var result in (int[])results!) metrics.Entry(region, Outcomes[result]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new ReplicaUnavailableException(region, e);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>
    /// Without what this region itself has left behind: of a session only the newest state matters, and an older one could be taken there for a side of a
    /// fork.
    /// </summary>
    private static IEnumerable<OutboxLine> Newest(IReadOnlyList<OutboxLine> lines)
    {
        var last = new Dictionary<string, OutboxLine>(StringComparer.Ordinal);
        foreach (var session in lines.OfType<OutboxLine.SessionChanged>()) last[session.Key] = session;
        return lines.Where(l => l is not OutboxLine.SessionChanged s || ReferenceEquals(last[s.Key], s));
    }

    private void Add(OutboxLine line, List<RedisKey> keys, List<RedisValue> values)
    {
        switch (line)
        {
            case OutboxLine.Published p:
                keys.AddRange([_keys.Meta(p.Channel), _keys.Log(p.Channel), _keys.Idempotency(p.Channel, p.MidHash)]);
                values.AddRange(["p", p.Data, p.BodyHash, p.Channel, p.From.Stream, p.From.Seq.ToString(CultureInfo.InvariantCulture)]);
                break;
            case OutboxLine.SessionChanged s:
                keys.Add(s.Key);
                values.AddRange(["s", s.Uses, s.Changes, s.Generation, s.Path, s.TtlMs, s.State]);
                break;
            default:
                throw new InvalidOperationException($"no way to replicate {line.GetType().Name}");
        }
    }
}
