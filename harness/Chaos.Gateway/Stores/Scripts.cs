namespace Chaos.Gateway.Stores;

/// <summary>Lua scripts: the only way in Redis to make several steps one. They run on Redis 7 and on Garnet.</summary>
internal static class Scripts
{
    /// <summary>
    /// KEYS: meta, log, idempotency record. ARGV: data, epoch to use if there is none, size, log ttl ms, meta ttl ms, hash of the body,
    /// record ttl ms, topic, channel. Returns {0 published | 1 repeated | 2 conflict, epoch, offset}.
    /// </summary>
    public const string Publish = """
        local record = redis.call('GET', KEYS[3])
        if record then
          local hash, epoch, offset = string.match(record, '^(%S+) (%S+) (%S+)$')
          if hash == ARGV[6] then return {1, epoch, offset} end
          return {2, epoch, offset}
        end
        local epoch = redis.call('HGET', KEYS[1], 'e')
        if not epoch then
          epoch = ARGV[2]
          redis.call('DEL', KEYS[2])
          redis.call('HSET', KEYS[1], 'e', epoch)
        end
        local offset = redis.call('HINCRBY', KEYS[1], 'o', 1)
        redis.call('RPUSH', KEYS[2], ARGV[1])
        redis.call('LTRIM', KEYS[2], -tonumber(ARGV[3]), -1)
        redis.call('PEXPIRE', KEYS[2], ARGV[4])
        redis.call('PEXPIRE', KEYS[1], ARGV[5])
        redis.call('SET', KEYS[3], ARGV[6] .. ' ' .. epoch .. ' ' .. offset, 'PX', ARGV[7])
        redis.call('PUBLISH', ARGV[8], 'p ' .. epoch .. ' ' .. offset .. ' ' .. ARGV[9] .. '\n' .. ARGV[1])
        return {0, epoch, tostring(offset)}
        """;

    /// <summary>
    /// KEYS: meta, log. ARGV: epoch to use if there is none, meta ttl ms, offset to read after (-1 for none), limit.
    /// Returns {epoch, top, entries up to top}.
    /// </summary>
    public const string Read = """
        local epoch = redis.call('HGET', KEYS[1], 'e')
        if not epoch then
          epoch = ARGV[1]
          redis.call('DEL', KEYS[2])
          redis.call('HSET', KEYS[1], 'e', epoch, 'o', '0')
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        local top = redis.call('HGET', KEYS[1], 'o') or '0'
        local since = tonumber(ARGV[3])
        if since < 0 then return {epoch, top, {}} end
        local want = math.min(tonumber(top) - since, tonumber(ARGV[4]))
        if want <= 0 then return {epoch, top, {}} end
        return {epoch, top, redis.call('LRANGE', KEYS[2], -want, -1)}
        """;

    /// <summary>KEYS: session. ARGV: generation, ttl ms. Begins a session.</summary>
    public const string BeginResume = """
        redis.call('HSET', KEYS[1], 'g', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """;

    /// <summary>
    /// KEYS: session. ARGV: generation presented, generation to issue, ttl ms. Returns {1, state} when the presented one was current,
    /// {0} when it was not, {-1} when the session is unknown.
    /// </summary>
    public const string UseResume = """
        local current = redis.call('HGET', KEYS[1], 'g')
        if not current then return {-1} end
        if current ~= ARGV[1] then return {0} end
        redis.call('HSET', KEYS[1], 'g', ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return {1, redis.call('HGET', KEYS[1], 's') or '{}'}
        """;

    /// <summary>KEYS: session. ARGV: generation, state. Writes only while the generation is current: an old connection must not overwrite its successor's state.</summary>
    public const string SaveResume = """
        if redis.call('HGET', KEYS[1], 'g') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 's', ARGV[2])
        return 1
        """;
}
