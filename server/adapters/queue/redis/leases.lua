-- ARGV: kinds. Answers now, then for each lease: id, kind, when it ends, fence, its length, attempt, the most attempts.
local answers = { clock() }
for _, kind in ipairs(ARGV) do
  local running = redis.call('ZRANGE', stateKey('running', kind), 0, -1, 'WITHSCORES')
  for i = 1, #running, 2 do
    local id = running[i]
    local task = redis.call('HMGET', taskKey(id), 'fence', 'lease', 'attempt', 'most')
    if task[1] then
      answers[#answers + 1] = { id, kind, running[i + 1], task[1], task[2], task[3], task[4] }
    else
      redis.call('ZREM', stateKey('running', kind), id)
    end
  end
end
return answers
