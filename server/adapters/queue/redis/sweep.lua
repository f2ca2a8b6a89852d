-- [Q17] ARGV: kind, state, before which microsecond, how many of the newest stay. Some at a time: everybody else waits for a script. Answers how many went.
local set = stateKey(ARGV[2], ARGV[1])
local most = math.min(500, redis.call('ZCARD', set) - ARGV[4])
if most <= 0 then return 0 end
local old = redis.call('ZRANGE', set, '-inf', '(' .. ARGV[3], 'BYSCORE', 'LIMIT', 0, most)
for _, id in ipairs(old) do
  redis.call('ZREM', set, id)
  redis.call('DEL', taskKey(id))
end
return #old
