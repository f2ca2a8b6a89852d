-- [Q10] ARGV: id. Answers its kind, or nothing. Whoever holds it is told.
local id = ARGV[1]
local task = taskKey(id)
local now = redis.call('HMGET', task, 'state', 'kind', 'key')
local state, kind = now[1], now[2]
if not state or state == 'done' or state == 'cancelled' then return false end
local at = clock()
redis.call('ZREM', stateKey(state, kind), id)
redis.call('HSET', task, 'state', 'cancelled', 'ended', at)
redis.call('ZADD', stateKey('cancelled', kind), at, id)
freeKey(kind, now[3], id)
if state == 'running' then
  redis.call('PUBLISH', base .. ':cancelled', id)
  if redis.call('HEXISTS', base .. ':limits', kind) == 1 and redis.call('ZCARD', stateKey('waiting', kind)) > 0 then ring(kind) end
end
return kind
