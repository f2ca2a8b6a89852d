-- [Q2] ARGV: epoch, then for each task: id, kind, '=' and its key or nothing, payload, priority, notBeforeMs, maxAttempts, born.
-- Answers the epoch, then for each: id, state, 1 where it is new.
local at = clock()
local answers = { epochOr(ARGV[1]) }
local n = 1
for i = 2, #ARGV, 8 do
  local id, kind, key, payload, priority, notBefore, most, born = unpack(ARGV, i, i + 7)
  local task = taskKey(id)
  local standing, state, isNew = id, redis.call('HGET', task, 'state'), 0
  if not state and key ~= '' then
    local other = redis.call('HGET', base .. ':keys:' .. kind, key)
    local otherState = other and redis.call('HGET', taskKey(other), 'state')
    if otherState then standing, state = other, otherState end
  end
  if not state then
    isNew = 1
    state = 'waiting'
    if notBefore * 1000 > at then state = 'delayed' end
    redis.call('HSET', task, 'kind', kind, 'payload', payload, 'priority', priority, 'state', state, 'most', most, 'born', born, 'notBefore', notBefore)
    if key ~= '' then
      redis.call('HSET', task, 'key', key)
      redis.call('HSET', base .. ':keys:' .. kind, key, id)
    end
    redis.call('SADD', base .. ':kinds', kind)
    redis.call('ZADD', stateKey(state, kind), state == 'waiting' and rankOf(born, priority) or notBefore * 1000, id)
    ring(kind)
  end
  answers[n + 1], answers[n + 2], answers[n + 3] = standing, state, isNew
  n = n + 3
end
return answers
