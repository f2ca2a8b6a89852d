-- [Q3] ARGV: id, priority. Answers 1 or 0.
local id, priority = ARGV[1], ARGV[2]
local task = taskKey(id)
local now = redis.call('HMGET', task, 'state', 'kind', 'born')
local state = now[1]
if state ~= 'waiting' and state ~= 'delayed' and state ~= 'running' then return 0 end
redis.call('HSET', task, 'priority', priority)
if state == 'waiting' then redis.call('ZADD', stateKey('waiting', now[2]), rankOf(now[3], priority), id) end
return 1
