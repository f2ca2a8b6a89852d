-- [Q16] ARGV: state, kind or '', how many, '1' for the last first, and where the page before ended: score and id, or ''.
-- Answers for each kind that has any: rows of id, score and the record.
local state, only, count, isDown, score, id = unpack(ARGV, 1, 6)
local kinds = only ~= '' and { only } or redis.call('SMEMBERS', base .. ':kinds')
local answers = {}
for _, kind in ipairs(kinds) do
  local set = stateKey(state, kind)
  local start = 0
  if score ~= '' then
    local rank = redis.call(isDown == '1' and 'ZREVRANK' or 'ZRANK', set, id)
    if rank then
      start = rank + 1
    elseif isDown == '1' then
      start = redis.call('ZCOUNT', set, '(' .. score, '+inf')
    else
      start = redis.call('ZCOUNT', set, '-inf', '(' .. score)
    end
  end
  local stop = start + count - 1
  local found = isDown == '1' and redis.call('ZREVRANGE', set, start, stop, 'WITHSCORES') or redis.call('ZRANGE', set, start, stop, 'WITHSCORES')
  for i = 1, #found, 2 do
    answers[#answers + 1] = { found[i], found[i + 1], redis.call('HGETALL', taskKey(found[i])) }
  end
end
return answers
