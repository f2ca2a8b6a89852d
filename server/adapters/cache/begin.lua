-- KEYS: value, load, state, tags… · ARGV: holder, lease ms, fresh ms, stale ms, new version, life of tags ms, 1 when a stale value helps
-- answers: 'fresh'|'stale'|'load'|'wait', body, age ms, versions when it is the caller who loads, now ms
local epoch = redis.call('HGET', KEYS[3], 'epoch')
if not epoch then
  epoch = ARGV[5]
  redis.call('HSET', KEYS[3], 'epoch', epoch)
  redis.call('PEXPIRE', KEYS[3], ARGV[6])
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local nowText = string.format('%.0f', now)

local versions, absent = { epoch }, {}
for i = 4, #KEYS do
  local version = redis.call('GET', KEYS[i])
  if not version then
    absent[#absent + 1] = KEYS[i]
    version = ARGV[5]
  end
  versions[#versions + 1] = version
end
local joined = table.concat(versions, ',')

local body, age = false, 0
local value = #absent == 0 and redis.call('GET', KEYS[1])
if value then
  local under, born, at = string.match(value, '^(%S+) (%d+)\n()')
  age = now - tonumber(born)
  -- A clock that was set back makes a value look younger than nothing: it is not believed.
  if under == joined and age >= 0 and age < tonumber(ARGV[3]) + tonumber(ARGV[4]) then
    body = string.sub(value, at)
    if age < tonumber(ARGV[3]) then return { 'fresh', body, age, '', nowText } end
  end
end
if ARGV[7] ~= '1' then body = false end

-- A load for other versions than today's reads what is no longer so: it does not count.
local loading = redis.call('GET', KEYS[2])
if loading and string.sub(loading, 1, #joined + 1) == joined .. ' ' then
  if body then return { 'stale', body, age, '', nowText } end
  return { 'wait', '', 0, '', nowText }
end
for _, tag in ipairs(absent) do redis.call('SET', tag, ARGV[5]) end
for i = 4, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[6]) end
redis.call('SET', KEYS[2], joined .. ' ' .. ARGV[1], 'PX', ARGV[2])
return { body and 'stale' or 'load', body or '', age, joined, nowText }
