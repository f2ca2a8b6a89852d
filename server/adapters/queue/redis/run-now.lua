-- [Q11] ARGV: id. Answers its kind, or nothing.
local id = ARGV[1]
local task = taskKey(id)
local now = redis.call('HMGET', task, 'state', 'kind')
local state, kind = now[1], now[2]
if state ~= 'waiting' and state ~= 'delayed' and state ~= 'parked' then return false end
redis.call('ZREM', stateKey(state, kind), id)
redis.call('HSET', task, 'state', 'waiting')
if state == 'parked' then
  redis.call('HSET', task, 'attempt', 0)
  redis.call('HDEL', task, 'ended')
end
-- Before everything that has an age; among themselves in the order of the wishes.
redis.call('ZADD', stateKey('waiting', kind), clock() - 4000000000000000, id)
ring(kind)
return kind
