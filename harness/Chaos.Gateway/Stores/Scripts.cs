namespace Chaos.Gateway.Stores;

/// <summary>Lua scripts: the only way in Redis to make several steps one. They run on Redis 7 and on Garnet.</summary>
internal static class Scripts
{
    /// <summary>The epoch of a channel, begun if there is none, and appending to its stream.</summary>
    private const string Streams = """
        local function epochOf(meta, log, fresh)
          local epoch = redis.call('HGET', meta, 'e')
          if epoch then return epoch end
          redis.call('DEL', log)
          redis.call('HSET', meta, 'e', fresh)
          return fresh
        end
        local function append(meta, log, epoch, entry, size, logTtl, metaTtl, topic, channel)
          local offset = redis.call('HINCRBY', meta, 'o', 1)
          redis.call('RPUSH', log, entry)
          redis.call('LTRIM', log, -tonumber(size), -1)
          redis.call('PEXPIRE', log, logTtl)
          redis.call('PEXPIRE', meta, metaTtl)
          redis.call('PUBLISH', topic, 'p ' .. epoch .. ' ' .. tostring(offset) .. ' ' .. channel .. '\n' .. entry)
          return tostring(offset)
        end

        """;

    /// <summary>Puts a line into the outbox; beyond its limit the oldest is given up.</summary>
    private const string Outbox = """
        local function put(list, state, limit, line)
          redis.call('HINCRBY', state, 'end', 1)
          if redis.call('RPUSH', list, line) > tonumber(limit) then redis.call('LPOP', list) end
        end

        """;

    /// <summary>
    /// KEYS: meta, log, idempotency record, record of the publish that it must come after (its own again for none), and where there are regions outbox, its
    /// state. ARGV: data, epoch to use if there is none, size, log ttl ms,
    /// meta ttl ms, hash of the body, record ttl ms, topic, channel, and where there are regions region, limit of the outbox, now in Unix ms, hash of
    /// user, channel and mid. Returns {0 published | 1 repeated | 2 conflict | 3 the one before it is missing, epoch, offset}.
    /// </summary>
    public const string Publish = Streams + Outbox + """
        local record = redis.call('GET', KEYS[3])
        if record then
          local hash, epoch, offset = string.match(record, '^(%S+) (%S+) (%S+)$')
          if hash == ARGV[6] then return {1, epoch, offset} end
          return {2, epoch, offset}
        end
        if KEYS[4] ~= KEYS[3] and redis.call('EXISTS', KEYS[4]) == 0 then return {3, '', '0'} end
        local epoch = epochOf(KEYS[1], KEYS[2], ARGV[2])
        local entry = ARGV[1]
        if ARGV[10] then
          local seq = tostring(redis.call('HINCRBY', KEYS[1], 's', 1))
          local origin = ARGV[10] .. ':' .. epoch
          entry = '@' .. origin .. ' ' .. seq .. '\n' .. ARGV[1]
          put(KEYS[5], KEYS[6], ARGV[11], 'p ' .. ARGV[12] .. ' ' .. origin .. ' ' .. seq .. ' ' .. ARGV[6] .. ' ' .. ARGV[13] .. ' ' .. ARGV[9] .. '\n' .. ARGV[1])
        end
        local offset = append(KEYS[1], KEYS[2], epoch, entry, ARGV[3], ARGV[4], ARGV[5], ARGV[8], ARGV[9])
        redis.call('SET', KEYS[3], ARGV[6] .. ' ' .. epoch .. ' ' .. offset, 'PX', ARGV[7])
        return {0, epoch, offset}
        """;

    /// <summary>
    /// How it is seen that a session went on in two regions at once. Its path says how often its token was used in each region, the region of the last use
    /// first: <c>us=2,eu=1</c>. Of two generations of a session one came after the other when its path lacks nothing of the other's; when each has something
    /// that the other lacks, both began where the two last agreed. Kept is the one whose token was used more often in all, which everything that follows from
    /// it has in common; among equals the one with the greater generation. So every region keeps the same one, in whatever order it hears of the two.
    /// </summary>
    private const string Forks = """
        local function hasMore(path, than)
          local known = {}
          for region, count in string.gmatch(than, '([^=,]+)=(%d+)') do known[region] = tonumber(count) end
          for region, count in string.gmatch(path, '([^=,]+)=(%d+)') do
            if tonumber(count) > (known[region] or 0) then return true end
          end
          return false
        end
        local function regionOf(path) return string.match(path, '^[^=]+') or '-' end

        """;

    /// <summary>
    /// Takes lines of another region's outbox, all of them or, when the command is lost, none: a line that is taken without those before it looks like a
    /// loss. ARGV: epoch to use if a stream has none, size, log ttl ms, meta ttl ms, record ttl ms, topic; then of each line either "p", data, hash of the
    /// body, channel, origin, its number, with KEYS meta, log, idempotency record; or "s", uses, changes, generation, path, ttl ms, state, with KEYS session;
    /// before all of these KEYS has the list of forks.
    /// Returns of each line: 0 appended, 1 was here already, 2 was published here under the same key, 3 appended after a gap: what was between is lost, so
    /// the stream starts anew and nobody goes on across the gap unknowing; 4 session taken, 5 what is known of the session here is as new, 6 the session went
    /// on here and there, each without knowing of the other: one of the two is kept, and the nodes are told which has ended.
    /// </summary>
    public const string Apply = Streams + Forks + """
        local fresh, size, logTtl, metaTtl, recordTtl, topic = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
        local function published(meta, log, key, data, hash, channel, origin, number)
          local field = 'r:' .. origin
          local known = tonumber(redis.call('HGET', meta, field) or '0')
          local seq = tonumber(number)
          if seq <= known then return 1 end
          local gap = seq > known + 1
          if gap then
            redis.call('HSET', meta, 'e', fresh, 'o', '0', 's', '0')
            redis.call('DEL', log)
          end
          local epoch = epochOf(meta, log, fresh)
          redis.call('HSET', meta, field, number)
          local record = redis.call('GET', key)
          if record and string.match(record, '^(%S+)') == hash then
            redis.call('PEXPIRE', meta, metaTtl)
            return 2
          end
          local offset = append(meta, log, epoch, '@' .. origin .. ' ' .. number .. '\n' .. data, size, logTtl, metaTtl, topic, channel)
          if not record then redis.call('SET', key, hash .. ' ' .. epoch .. ' ' .. offset, 'PX', recordTtl) end
          return gap and 3 or 0
        end
        local function session(key, uses, changes, generation, path, ttl, state)
          local known = redis.call('HMGET', key, 'v', 'w', 'g', 'u', 'x')
          local g, u, ended = known[3], known[4] or '', known[5] or ''
          local v, w = tonumber(known[1] or '0'), tonumber(known[2] or '0')
          local function take()
            redis.call('HSET', key, 'v', uses, 'w', changes, 'g', generation, 'u', path, 's', state)
            redis.call('PEXPIRE', key, ttl)
            return 4
          end
          if not g then return take() end
          if g == generation then
            if w >= tonumber(changes) then return 5 end
            return take()
          end
          if string.find(ended, generation, 1, true) then return 5 end
          local ahead, behind = hasMore(path, u), hasMore(u, path)
          if behind and not ahead then return 5 end
          if ahead and not behind then return take() end
          local kept, keptPath, lost, lostPath = g, u, generation, path
          if tonumber(uses) > v or (tonumber(uses) == v and generation > g) then
            take()
            kept, keptPath, lost, lostPath = generation, path, g, u
          end
          redis.call('HSET', key, 'x', ended .. ' ' .. lost)
          local note = 'f ' .. kept .. ' ' .. lost .. ' ' .. regionOf(keptPath) .. ' ' .. regionOf(lostPath) .. ' ' .. string.match(key, '{(.*)}')
          redis.call('RPUSH', KEYS[1], note)
          redis.call('LTRIM', KEYS[1], -1000, -1)
          redis.call('PEXPIRE', KEYS[1], ttl)
          redis.call('PUBLISH', topic, note)
          return 6
        end
        local results, a, k = {}, 7, 1
        while a <= #ARGV do
          if ARGV[a] == 'p' then
            results[#results + 1] = published(KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], ARGV[a + 5])
            a, k = a + 6, k + 3
          else
            results[#results + 1] = session(KEYS[k + 1], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], ARGV[a + 5], ARGV[a + 6])
            a, k = a + 7, k + 1
          end
        end
        return results
        """;

    /// <summary>
    /// KEYS: outbox, its state. ARGV: region to read for, limit. Returns {number of the first line returned, lines that were given up before it,
    /// number of the newest line, lines}.
    /// </summary>
    public const string ReadOutbox = """
        local newest = tonumber(redis.call('HGET', KEYS[2], 'end') or '0')
        local first = newest - redis.call('LLEN', KEYS[1]) + 1
        local want = tonumber(redis.call('HGET', KEYS[2], 'c:' .. ARGV[1]) or '0') + 1
        local from = math.max(first, want)
        local lines = {}
        if from <= newest then lines = redis.call('LRANGE', KEYS[1], from - first, from - first + tonumber(ARGV[2]) - 1) end
        return {tostring(from), tostring(from - want), tostring(newest), lines}
        """;

    /// <summary>KEYS: the lease. ARGV: node, ttl ms. Returns 1 when the node has the lease now, 0 when another has.</summary>
    public const string Lead = """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    /// <summary>KEYS: outbox, its state. ARGV: region, number of the last line it has, all regions. Forgets what all of them have.</summary>
    public const string ConfirmOutbox = """
        redis.call('HSET', KEYS[2], 'c:' .. ARGV[1], ARGV[2])
        local newest = tonumber(redis.call('HGET', KEYS[2], 'end') or '0')
        local slowest = newest
        for i = 3, #ARGV do
          slowest = math.min(slowest, tonumber(redis.call('HGET', KEYS[2], 'c:' .. ARGV[i]) or '0'))
        end
        local keep = newest - slowest
        if keep <= 0 then redis.call('DEL', KEYS[1]) else redis.call('LTRIM', KEYS[1], -keep, -1) end
        return 1
        """;

    /// <summary>
    /// KEYS: meta, log. ARGV: epoch to use if there is none, meta ttl ms, offset to read after (-1 for none), limit.
    /// Returns {epoch, top, entries up to top, fields of meta}.
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
        local all = redis.call('HGETALL', KEYS[1])
        if since < 0 then return {epoch, top, {}, all} end
        local want = math.min(tonumber(top) - since, tonumber(ARGV[4]))
        if want <= 0 then return {epoch, top, {}, all} end
        return {epoch, top, redis.call('LRANGE', KEYS[2], -want, -1), all}
        """;

    /// <summary>
    /// Counts what becomes of a session (v: uses of its token, u: those in each region, w: changes within one) and tells the other regions. KEYS[2] and
    /// KEYS[3]: outbox and its state, where there are regions; then the last three of ARGV are the region, the limit of the outbox and now in Unix ms.
    /// </summary>
    private const string Told = Outbox + """
        local function told(uses)
          if not KEYS[2] then return end
          local version = redis.call('HINCRBY', KEYS[1], 'v', uses)
          if uses > 0 then
            local here, own, others = ARGV[#ARGV - 2], 0, ''
            for region, count in string.gmatch(redis.call('HGET', KEYS[1], 'u') or '', '([^=,]+)=(%d+)') do
              if region == here then own = tonumber(count) else others = others .. ',' .. region .. '=' .. count end
            end
            redis.call('HSET', KEYS[1], 'w', '0', 'u', here .. '=' .. tostring(own + 1) .. others)
          end
          local writes = redis.call('HINCRBY', KEYS[1], 'w', 1)
          local fields = redis.call('HMGET', KEYS[1], 'g', 's', 'u')
          put(KEYS[2], KEYS[3], ARGV[#ARGV - 1], 's ' .. ARGV[#ARGV] .. ' ' .. tostring(version) .. ' ' .. tostring(writes) .. ' ' .. fields[1] .. ' ' .. fields[3] .. ' '
            .. tostring(redis.call('PTTL', KEYS[1])) .. ' ' .. KEYS[1] .. '\n' .. (fields[2] or '{}'))
        end

        """;

    /// <summary>KEYS: session. ARGV: generation, ttl ms. Begins a session.</summary>
    public const string BeginResume = Told + """
        redis.call('HSET', KEYS[1], 'g', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        told(1)
        return 1
        """;

    /// <summary>
    /// KEYS: session. ARGV: generation presented, generation to issue, ttl ms. Returns {1, state} when the presented one was current,
    /// {0} when it was not, {-1} when the session is unknown, {-2} when another generation was kept in its place after it had gone on in two regions.
    /// </summary>
    public const string UseResume = Told + """
        local current = redis.call('HGET', KEYS[1], 'g')
        if not current then return {-1} end
        if current ~= ARGV[1] then
          if string.find(redis.call('HGET', KEYS[1], 'x') or '', ARGV[1], 1, true) then return {-2} end
          return {0}
        end
        redis.call('HSET', KEYS[1], 'g', ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        told(1)
        return {1, redis.call('HGET', KEYS[1], 's') or '{}'}
        """;

    /// <summary>KEYS: session. ARGV: generation, state. Writes only while the generation is current: an old connection must not overwrite its successor's state.</summary>
    public const string SaveResume = Told + """
        if redis.call('HGET', KEYS[1], 'g') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 's', ARGV[2])
        told(0)
        return 1
        """;
}
