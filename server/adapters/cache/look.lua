-- KEYS: log, state, members · ARGV: own name, epoch known, number known, silence ms, new epoch, life ms, channel, 1 to doubt everything
-- answers: epoch, number, the invalidations in between
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HSETNX', KEYS[2], 'epoch', ARGV[5])
redis.call('ZADD', KEYS[3], now, ARGV[1])

-- A process that fell silent may have written and told nobody: whatever was cached until now is doubted.
local silent = redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[4]))
-- So is everything after the clock has been set back: then a silence could not be seen.
local ahead = redis.call('ZREMRANGEBYSCORE', KEYS[3], now + tonumber(ARGV[4]), '+inf')
if silent > 0 or ahead > 0 or ARGV[8] == '1' then
  redis.call('HSET', KEYS[2], 'epoch', ARGV[5])
  redis.call('PUBLISH', ARGV[7], '["doubt","' .. ARGV[5] .. '"]')
end
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[6]) end

local epoch = redis.call('HGET', KEYS[2], 'epoch')
local number = tonumber(redis.call('HGET', KEYS[2], 'number') or '0')
if epoch ~= ARGV[2] then return { epoch, number } end
return { epoch, number, unpack(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[3], '+inf')) }
