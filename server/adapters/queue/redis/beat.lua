-- ARGV: for each: id, fence, leaseMs, progress or ''. Answers 1 or 0 for each.
local at = clock()
local answers = {}
for i = 1, #ARGV, 4 do
  local id, fence, lease, progress = unpack(ARGV, i, i + 3)
  local task = taskKey(id)
  local now = redis.call('HMGET', task, 'state', 'fence', 'kind')
  local isOurs = now[1] == 'running' and now[2] == fence
  if isOurs then
    redis.call('HSET', task, 'lease', lease)
    redis.call('ZADD', stateKey('running', now[3]), at + lease * 1000, id)
    if progress ~= '' then redis.call('HSET', task, 'progress', progress) end
  end
  answers[#answers + 1] = isOurs and 1 or 0
end
return answers
