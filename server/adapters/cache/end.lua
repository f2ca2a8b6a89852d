-- KEYS: value, load, state, tags… · ARGV: holder, versions at the begin, body or '', when the load began, life ms, channel, message
-- answers 1 when the value has landed: that is, when nothing it read has been written since
local versions, isWhole = { redis.call('HGET', KEYS[3], 'epoch') or '' }, true
for i = 4, #KEYS do
  local version = redis.call('GET', KEYS[i])
  if not version then isWhole = false end
  versions[#versions + 1] = version or ''
end
local landed = 0
if ARGV[3] ~= '' and isWhole and table.concat(versions, ',') == ARGV[2] then
  redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ARGV[4] .. '\n' .. ARGV[3], 'PX', ARGV[5])
  landed = 1
end
if redis.call('GET', KEYS[2]) == ARGV[2] .. ' ' .. ARGV[1] then
  redis.call('DEL', KEYS[2])
  redis.call('PUBLISH', ARGV[6], ARGV[7])
end
return landed
