-- Stands before every script of the queue. KEYS[1] is the base of all its keys.
local base = KEYS[1]

-- One clock for all processes: Redis's, in microseconds.
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function taskKey(id)
  return base .. ':task:' .. id
end

local function stateKey(state, kind)
  return base .. ':' .. state .. ':' .. kind
end

-- [Q3] The smaller goes first. A point of priority is worth a minute.
local function rankOf(born, priority)
  return born - priority * 60000000
end

-- [Q15] One process that waits for the kind is told, not all of them. Whoever has died meanwhile does not hear: then the next.
local function ring(kind)
  local who = redis.call('SPOP', base .. ':idle:' .. kind)
  while who do
    if redis.call('PUBLISH', base .. ':ring:' .. who, kind) > 0 then return end
    who = redis.call('SPOP', base .. ':idle:' .. kind)
  end
end

-- As many as there are tasks waiting.
local function ringAll(kind)
  local waiting = redis.call('ZCARD', stateKey('waiting', kind)) + redis.call('ZCARD', stateKey('delayed', kind))
  for _ = 1, math.min(waiting, redis.call('SCARD', base .. ':idle:' .. kind)) do ring(kind) end
end

-- The key of a task that is over names nothing any more.
local function freeKey(kind, key, id)
  if key and redis.call('HGET', base .. ':keys:' .. kind, key) == id then redis.call('HDEL', base .. ':keys:' .. kind, key) end
end

-- A store that was emptied has another epoch than before.
local function epochOr(proposed)
  local epoch = redis.call('GET', base .. ':epoch')
  if epoch then return epoch end
  redis.call('SET', base .. ':epoch', proposed)
  return proposed
end
