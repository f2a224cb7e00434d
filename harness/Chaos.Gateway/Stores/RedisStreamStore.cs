using System.Globalization;
using System.Security.Cryptography;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Streams;
using StackExchange.Redis;
using StreamPosition = Chaos.Gateway.Streams.StreamPosition;

namespace Chaos.Gateway.Stores;

/// <summary>Streams in Redis: a hash with epoch and top, and a list whose last entry has the top's offset.</summary>
internal sealed class RedisStreamStore(RedisGate redis, GatewaySettings settings) : IStreamStore
{
    private readonly long _logTtlMs = settings.History.TtlS * 1000L;
    private readonly long _metaTtlMs = settings.History.MetaTtlS * 1000L;
    private readonly long _recordTtlMs = settings.History.IdempotencyTtlS * 1000L;

    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel)
    {
        RedisKey[] keys = [Keys.Meta(request.Channel), Keys.Log(request.Channel), Keys.Idempotency(request.User, request.Channel, request.Mid)];
        RedisValue[] values =
        [
            request.Data, NewEpoch(), settings.History.Size, _logTtlMs, _metaTtlMs, Convert.ToHexStringLower(SHA256.HashData(request.Data)), _recordTtlMs,
            (string)Keys.Live!, request.Channel,
        ];
        var reply = await redis.RunAsync((keys, values), static (db, s) => db.ScriptEvaluateAsync(Scripts.Publish, s.keys, s.values), cancel);
        var parts = (RedisResult[])reply!;
        return new PublishResult((PublishOutcome)(int)parts[0], new StreamPosition((string)parts[1]!, Number(parts[2])));
    }

    public async ValueTask<StreamRead> ReadAsync(string channel, long? since, int limit, CancellationToken cancel)
    {
        RedisKey[] keys = [Keys.Meta(channel), Keys.Log(channel)];
        RedisValue[] values = [NewEpoch(), _metaTtlMs, since ?? -1, limit];
        var reply = await redis.RunAsync((keys, values), static (db, s) => db.ScriptEvaluateAsync(Scripts.Read, s.keys, s.values), cancel);
        var parts = (RedisResult[])reply!;
        var top = Number(parts[1]);
        var entries = (RedisResult[])parts[2]!;
        var tail = new Publication[entries.Length];
        for (var i = 0; i < tail.Length; i++) tail[i] = new Publication(top - entries.Length + 1 + i, (byte[])entries[i]!);
        return new StreamRead((string)parts[0]!, top, tail);
    }

    public async ValueTask<IReadOnlyList<StreamPosition?>> PositionsAsync(IReadOnlyList<string> channels, CancellationToken cancel) =>
        await redis.RunAsync(channels, static (db, names) => PositionsAsync(db, names), cancel);

    private static async Task<IReadOnlyList<StreamPosition?>> PositionsAsync(IDatabase db, IReadOnlyList<string> channels)
    {
        RedisValue[] fields = ["e", "o"];
        var reads = await Task.WhenAll(channels.Select(c => db.HashGetAsync(Keys.Meta(c), fields)));
        return Array.ConvertAll(reads, r => r[0].IsNull ? null : new StreamPosition(r[0]!, r[1].IsNull ? 0 : (long)r[1]));
    }

    private static long Number(RedisResult value) => long.Parse((string)value!, CultureInfo.InvariantCulture);

    private static string NewEpoch() => Guid.NewGuid().ToString("N")[..12];
}
