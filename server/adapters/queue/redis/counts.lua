-- [Q16] Answers for each kind: kind, and how many are waiting, delayed, running, done, parked, cancelled.
local answers = {}
for _, kind in ipairs(redis.call('SMEMBERS', base .. ':kinds')) do
  local row = { kind }
  for _, state in ipairs({ 'waiting', 'delayed', 'running', 'done', 'parked', 'cancelled' }) do
    row[#row + 1] = redis.call('ZCARD', stateKey(state, kind))
  end
  answers[#answers + 1] = row
end
return answers
