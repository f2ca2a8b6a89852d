-- KEYS: lock, last fence · ARGV: holder, lease ms, highest fence that the caller has seen · answers: fence as text ('' when held), ms until it may be free
local held = redis.call('PTTL', KEYS[1])
if held ~= -2 then return { '', held } end
-- Higher than the last one; and should that be lost, than the clock's microseconds then were, and than any that a living process has seen.
local time = redis.call('TIME')
local byClock = tonumber(time[1]) * 1000000 + tonumber(time[2])
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local fence = string.format('%.0f', math.max(last + 1, byClock, tonumber(ARGV[3]) + 1))
redis.call('SET', KEYS[2], fence)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return { fence, 0 }
