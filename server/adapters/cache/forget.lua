-- KEYS: log, state, tags… · ARGV: tags as JSON, new epoch, life ms, channel, length of the log · answers: epoch, number
-- A version that is gone comes back as another one: what was loaded under it can never land.
for i = 3, #KEYS do redis.call('DEL', KEYS[i]) end
redis.call('HSETNX', KEYS[2], 'epoch', ARGV[2])
local epoch = redis.call('HGET', KEYS[2], 'epoch')
local number = redis.call('HINCRBY', KEYS[2], 'number', 1)
redis.call('ZADD', KEYS[1], number, string.format('%.0f', number) .. ' ' .. ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', number - tonumber(ARGV[5]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[4], '["forget","' .. epoch .. '",' .. string.format('%.0f', number) .. ',' .. ARGV[1] .. ']')
return { epoch, number }
