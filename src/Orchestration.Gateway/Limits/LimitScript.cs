namespace Orchestration.Gateway.Limits;

/// <summary>What runs inside Redis, each as one atomic step.</summary>
internal static class LimitScript
{
    /// <summary>
    /// Takes all counters or none. Arguments: time in milliseconds or empty for Redis' own, id of the request, life of a place, parts of a
    /// window; then for each key its amount, what is taken, the length of a part (0 for concurrency) and what was counted while Redis was
    /// away. Answers: place of the counter that refuses or 0, wait in milliseconds or -1 for ever, time; then for each key what was counted.
    /// </summary>
    public const string Take = """
        local now = tonumber(ARGV[1])
        if not now then
          local time = redis.call('TIME')
          now = time[1] * 1000 + math.floor(time[2] / 1000)
        end
        local id, life, parts = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
        local refused, wait = 0, 0
        local totals, current = {}, {}

        local function fresh(key, kind)
          local found = redis.call('TYPE', key).ok
          if found ~= kind and found ~= 'none' then redis.call('DEL', key) end
        end

        local function refuse(index, milliseconds)
          if refused == 0 or milliseconds < 0 or (wait >= 0 and milliseconds > wait) then
            refused, wait = index, milliseconds
          end
        end

        local function count(key, part)
          fresh(key, 'hash')
          local head = redis.call('HMGET', key, 'total', 'oldest', 'newest')
          local bucket = math.floor(now / part)
          if not head[1] then
            redis.call('DEL', key)
            return 0, bucket, bucket
          end
          local total, oldest, newest = tonumber(head[1]), tonumber(head[2]), tonumber(head[3])
          if not total or not oldest or not newest or total ~= total or total < 0 or newest > bucket + parts
            or oldest > newest or newest - oldest > parts then
            redis.call('DEL', key)
            return 0, bucket, bucket
          end
          if newest > bucket then bucket = newest end
          if bucket - newest > parts then
            redis.call('DEL', key)
            return 0, bucket, bucket
          end
          while oldest < bucket - parts do
            local old = redis.call('HGET', key, oldest)
            if old then
              total = total - (tonumber(old) or 0)
              redis.call('HDEL', key, oldest)
            end
            oldest = oldest + 1
          end
          if total < 0 then total = 0 end
          redis.call('HSET', key, 'total', string.format('%.0f', total), 'oldest', oldest, 'newest', bucket)
          return total, bucket, oldest
        end

        local function add(key, part, bucket, amount)
          if redis.call('EXISTS', key) == 0 then redis.call('HSET', key, 'total', 0, 'oldest', bucket, 'newest', bucket) end
          local counted = tonumber(redis.call('HGET', key, bucket) or '0') or 0
          if counted + amount < 0 then amount = -counted end
          redis.call('HSET', key, bucket, string.format('%.0f', counted + amount))
          redis.call('HSET', key, 'total', string.format('%.0f', math.max(0, tonumber(redis.call('HGET', key, 'total')) + amount)), 'newest', bucket)
          redis.call('PEXPIRE', key, part * (parts + 2))
          return amount
        end

        for index, key in ipairs(KEYS) do
          local at = 4 + (index - 1) * 4
          local amount, taken, part, debt = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
          if part == 0 then
            fresh(key, 'zset')
            redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
            totals[index] = redis.call('ZCARD', key)
            if totals[index] + taken > amount then refuse(index, 1000) end
          else
            local total, bucket, oldest = count(key, part)
            if debt ~= 0 then total = math.max(0, total + add(key, part, bucket, debt)) end
            totals[index], current[index] = total, bucket
            if taken > amount then
              refuse(index, -1)
            elseif total + taken > amount then
              local left, until_free = total, bucket
              for old = oldest, bucket do
                left = left - (tonumber(redis.call('HGET', key, old) or '0') or 0)
                until_free = old
                if left + taken <= amount then break end
              end
              refuse(index, (until_free + parts + 1) * part - now)
            end
          end
        end

        if refused == 0 then
          for index, key in ipairs(KEYS) do
            local at = 4 + (index - 1) * 4
            local taken, part = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
            if part == 0 then
              redis.call('ZADD', key, now + life, id)
              redis.call('PEXPIRE', key, life * 2)
            elseif taken > 0 then
              add(key, part, current[index], taken)
            end
            totals[index] = totals[index] + taken
          end
        end
        local answer = { refused, wait, now }
        for index = 1, #KEYS do answer[index + 3] = totals[index] end
        return answer
        """;

    /// <summary>
    /// Corrects what was counted for a request where it was counted, and frees its places. Arguments: id, time of the taking, parts; then for
    /// each key the difference and the length of a part (0 for concurrency).
    /// </summary>
    public const string Settle = """
        local taken_at, parts = tonumber(ARGV[2]), tonumber(ARGV[3])
        for index, key in ipairs(KEYS) do
          local difference, part = tonumber(ARGV[2 + index * 2]), tonumber(ARGV[3 + index * 2])
          local found = redis.call('TYPE', key).ok
          if part == 0 then
            if found == 'zset' then redis.call('ZREM', key, ARGV[1]) end
          elseif found == 'hash' then
            local bucket = math.floor(taken_at / part)
            local counted = tonumber(redis.call('HGET', key, bucket) or '')
            local total = tonumber(redis.call('HGET', key, 'total') or '')
            if counted and total then
              if counted + difference < 0 then difference = -counted end
              redis.call('HSET', key, bucket, string.format('%.0f', counted + difference), 'total', string.format('%.0f', math.max(0, total + difference)))
            end
          end
        end
        return { 1 }
        """;

    /// <summary>Keeps the place of a running request, or takes it. Arguments: id, life in milliseconds.</summary>
    public const string Hold = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        for _, key in ipairs(KEYS) do
          local found = redis.call('TYPE', key).ok
          if found ~= 'zset' and found ~= 'none' then redis.call('DEL', key) end
          redis.call('ZADD', key, now + ARGV[2], ARGV[1])
          redis.call('PEXPIRE', key, ARGV[2] * 2)
        end
        return { 1 }
        """;

    /// <summary>Notes that a gateway lives. Argument: its id. Answers: how many do, place of this one among them.</summary>
    public const string Beat = """
        local time = redis.call('TIME')
        local found = redis.call('TYPE', KEYS[1]).ok
        if found ~= 'zset' and found ~= 'none' then redis.call('DEL', KEYS[1]) end
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] - 10)
        redis.call('ZADD', KEYS[1], time[1], ARGV[1])
        redis.call('EXPIRE', KEYS[1], 60)
        local gateways, rank = redis.call('ZRANGE', KEYS[1], 0, -1), 0
        for _, gateway in ipairs(gateways) do
          if gateway < ARGV[1] then rank = rank + 1 end
        end
        return { #gateways, rank }
        """;
}
