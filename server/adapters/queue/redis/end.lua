-- [Q6] ARGV: for each: id, fence, when its lease must end or '', where to ('done', 'parked', 'back'), reason, progress, delayMs, 1 to uncount.
-- Answers 1 or 0 for each.
local at = clock()
local answers = {}

local function back(id, kind, task, delayMs, uncount)
  if uncount == '1' then redis.call('HINCRBY', task, 'attempt', -1) end
  if tonumber(delayMs) > 0 then
    local due = at + math.ceil(delayMs) * 1000
    redis.call('HSET', task, 'state', 'delayed', 'notBefore', math.ceil(due / 1000))
    redis.call('ZADD', stateKey('delayed', kind), due, id)
  else
    local rank = redis.call('HMGET', task, 'born', 'priority')
    redis.call('HSET', task, 'state', 'waiting')
    redis.call('ZADD', stateKey('waiting', kind), rankOf(rank[1], rank[2]), id)
  end
  ring(kind)
end

for i = 1, #ARGV, 8 do
  local id, fence, ends, to, reason, progress, delayMs, uncount = unpack(ARGV, i, i + 7)
  local task = taskKey(id)
  local now = redis.call('HMGET', task, 'state', 'fence', 'kind', 'key')
  local kind = now[3]
  local isOurs = now[1] == 'running' and now[2] == fence
  if isOurs and ends ~= '' then isOurs = redis.call('ZSCORE', stateKey('running', kind), id) == ends end
  local answer = 0
  if isOurs then
    answer = 1
    redis.call('ZREM', stateKey('running', kind), id)
    if progress ~= '' then redis.call('HSET', task, 'progress', progress) end
    if reason ~= '' then redis.call('HSET', task, 'reason', reason) else redis.call('HDEL', task, 'reason') end
    if to == 'back' then
      back(id, kind, task, delayMs, uncount)
    else
      redis.call('HSET', task, 'state', to, 'ended', at)
      -- [Q16] What ends in one exchange keeps its order.
      redis.call('ZADD', stateKey(to, kind), at + #answers, id)
      if to == 'done' then freeKey(kind, now[4], id) end
      if redis.call('HEXISTS', base .. ':limits', kind) == 1 and redis.call('ZCARD', stateKey('waiting', kind)) > 0 then ring(kind) end
    end
  elseif to == 'done' and now[1] == 'done' and now[2] == fence then
    -- Repeated, because the answer was lost: answered as it was.
    answer = 1
  end
  answers[#answers + 1] = answer
end
return answers
