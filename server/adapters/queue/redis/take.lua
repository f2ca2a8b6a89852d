-- [Q1] ARGV: epoch, the process for rings, the holder's name, then for each taking: kind, count, leaseMs.
-- Answers the epoch and the fence, then for each: 1 where more is held back, when the next is due in ms or '', the tasks.
local at = clock()
local answers = { epochOr(ARGV[1]), '' }
local fence

local function promote(kind)
  local due = redis.call('ZRANGE', stateKey('delayed', kind), '-inf', at, 'BYSCORE', 'LIMIT', 0, 500)
  for _, id in ipairs(due) do
    local task = redis.call('HMGET', taskKey(id), 'born', 'priority')
    redis.call('ZREM', stateKey('delayed', kind), id)
    if task[1] then
      redis.call('ZADD', stateKey('waiting', kind), rankOf(task[1], task[2]), id)
      redis.call('HSET', taskKey(id), 'state', 'waiting')
    end
  end
end

-- [Q12] [Q13]
local function allowance(kind, count)
  if redis.call('SISMEMBER', base .. ':paused', kind) == 1 then return 0 end
  local limit = redis.call('HGET', base .. ':limits', kind)
  if not limit then return count end
  return math.max(0, math.min(count, limit - redis.call('ZCARD', stateKey('running', kind))))
end

-- [Q7] Grows from taking to taking; and since it is a time, also over the loss of what stood here.
local function nextFence()
  local last = redis.call('GET', base .. ':fence')
  fence = at
  if last and last + 1 > at then fence = last + 1 end
  redis.call('SET', base .. ':fence', string.format('%.0f', fence))
  answers[2] = string.format('%.0f', fence)
end

local function give(id, kind, lease)
  local task = taskKey(id)
  local attempt = redis.call('HINCRBY', task, 'attempt', 1)
  redis.call('HSET', task, 'state', 'running', 'fence', answers[2], 'started', at, 'lease', lease, 'holder', ARGV[3])
  redis.call('ZADD', stateKey('running', kind), at + lease * 1000, id)
  local seen = redis.call('HMGET', task, 'key', 'payload', 'priority', 'most', 'born', 'notBefore', 'progress', 'reason')
  return { id, attempt, seen[1] or '', seen[2], seen[3], seen[4], seen[5], seen[6], seen[7] or '', seen[8] or '' }
end

for i = 4, #ARGV, 3 do
  local kind, count, lease = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  promote(kind)
  local allowed = allowance(kind, count)
  local tasks = {}
  local popped = allowed > 0 and redis.call('ZPOPMIN', stateKey('waiting', kind), allowed) or {}
  for j = 1, #popped, 2 do
    local id = popped[j]
    -- A record that Redis itself has thrown away, for want of memory, is no task any more.
    if redis.call('EXISTS', taskKey(id)) == 1 then
      if not fence then nextFence() end
      tasks[#tasks + 1] = give(id, kind, lease)
    end
  end
  local heldBack, due = 0, ''
  if #tasks < count then
    redis.call('SADD', base .. ':idle:' .. kind, ARGV[2])
    if redis.call('ZCARD', stateKey('waiting', kind)) > 0 then heldBack = 1 end
    local first = redis.call('ZRANGE', stateKey('delayed', kind), 0, 0, 'WITHSCORES')
    if first[2] then due = string.format('%.0f', math.max(0, math.ceil((first[2] - at) / 1000))) end
  end
  answers[#answers + 1] = { heldBack, due, tasks }
end
answers[#answers + 1] = at
return answers
