using System.Globalization;
using System.Security.Cryptography;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Streams;
using StackExchange.Redis;
using StreamPosition = Chaos.Gateway.Streams.StreamPosition;

namespace Chaos.Gateway.Stores;

/// <summary>Streams in Redis: a hash with epoch and top, and a list whose last entry has the top's offset.</summary>
internal sealed class RedisStreamStore(RedisGate redis, GatewaySettings settings, TimeProvider time) : IStreamStore
{
    private readonly Keys _keys = redis.Keys;
    private readonly long _logTtlMs = settings.History.TtlS * 1000L;
    private readonly long _metaTtlMs = settings.History.MetaTtlS * 1000L;
    private readonly long _recordTtlMs = settings.History.IdempotencyTtlS * 1000L;

    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel)
    {
        var mid = Keys.MidHash(request.User, request.Channel, request.Mid);
        RedisKey[] keys = [_keys.Meta(request.Channel), _keys.Log(request.Channel), _keys.Idempotency(request.Channel, mid), After(request)];
        RedisValue[] values =
        [
            request.Data, NewEpoch(), settings.History.Size, _logTtlMs, _metaTtlMs, Convert.ToHexStringLower(SHA256.HashData(request.Data)), _recordTtlMs,
            (string)_keys.Live!, request.Channel,
        ];
        if (settings.Region is { } region)
        {
            keys = [.. keys, _keys.Outbox, _keys.OutboxState];
            values = [.. values, region, settings.Replication.Queue, time.GetUtcNow().ToUnixTimeMilliseconds(), mid];
        }

        var reply = await redis.RunAsync((keys, values), static (db, s) => db.ScriptEvaluateAsync(Scripts.Publish, s.keys, s.values), cancel);
        var parts = (RedisResult[])reply!;
        return new PublishResult((PublishOutcome)(int)parts[0], new StreamPosition((string)parts[1]!, Number(parts[2])));
    }

    /// <summary>The record that must be there; its own for none.</summary>
    private RedisKey After(PublishRequest request) => _keys.Idempotency(request.User, request.Channel, request.After ?? request.Mid);

    public async ValueTask<StreamRead> ReadAsync(string channel, long? since, int limit, CancellationToken cancel)
    {
        RedisKey[] keys = [_keys.Meta(channel), _keys.Log(channel)];
        RedisValue[] values = [NewEpoch(), _metaTtlMs, since ?? -1, limit];
        var reply = await redis.RunAsync((keys, values), static (db, s) => db.ScriptEvaluateAsync(Scripts.Read, s.keys, s.values), cancel);
        var parts = (RedisResult[])reply!;
        var top = Number(parts[1]);
        var entries = (RedisResult[])parts[2]!;
        var tail = new Publication[entries.Length];
        for (var i = 0; i < tail.Length; i++) tail[i] = StoredEntry.Stored(top - entries.Length + 1 + i, (byte[])entries[i]!);
        var epoch = (string)parts[0]!;
        return settings.Region is { } region ? new StreamRead(epoch, top, tail) { Origins = Origins($"{region}:{epoch}", (RedisResult[])parts[3]!) } : new StreamRead(epoch, top, tail);
    }

    public async ValueTask<IReadOnlyList<StreamPosition?>> PositionsAsync(IReadOnlyList<string> channels, CancellationToken cancel) =>
        await redis.RunAsync(channels.Select(_keys.Meta).ToList(), static (db, keys) => PositionsAsync(db, keys), cancel);

    private static async Task<IReadOnlyList<StreamPosition?>> PositionsAsync(IDatabase db, IReadOnlyList<RedisKey> streams)
    {
        RedisValue[] fields = ["e", "o"];
        var reads = await Task.WhenAll(streams.Select(key => db.HashGetAsync(key, fields)));
        return Array.ConvertAll(reads, r => r[0].IsNull ? null : new StreamPosition(r[0]!, r[1].IsNull ? 0 : (long)r[1]));
    }

    /// <summary>The newest number of each origin: of this region in the field <c>s</c>, of the others in <c>r:ORIGIN</c>.</summary>
    private static Dictionary<string, long> Origins(string own, RedisResult[] fields)
    {
        var origins = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            var name = (string)fields[i]!;
            if (name == "s") origins[own] = Number(fields[i + 1]);
            else if (name.StartsWith("r:", StringComparison.Ordinal)) origins[name[2..]] = Number(fields[i + 1]);
        }

        return origins;
    }

    private static long Number(RedisResult value) => long.Parse((string)value!, CultureInfo.InvariantCulture);

    internal static string NewEpoch() => Guid.NewGuid().ToString("N")[..12];
}
