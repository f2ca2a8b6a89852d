-- KEYS: limit · ARGV: count, periodMs, burst, cost · answers: allowed, arrival before (or ''), now
-- The steps of server/lib/gcra.ts on the same doubles; %.17g carries a double unharmed.
local slackMs = 0.001
local count, periodMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local burst, cost = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local held = redis.call('GET', KEYS[1])
local each = periodMs / count
local tolerance = burst * each
local before = math.min(math.max(tonumber(held or now), now), now + tolerance)
local after = before + cost * each
local excess = after - now - tolerance
local allowed = excess <= slackMs
local kept = allowed and after or before
-- A refusal changes it too, where what is held lies further off than this limit knows.
if kept > now and kept ~= tonumber(held or now) then
  -- At a moment and not after a while: a while would be counted from when the command began, which a busy machine may have left long ago.
  redis.call('SET', KEYS[1], string.format('%.17g', kept), 'PXAT', string.format('%.0f', math.ceil(kept) + 1))
end
return { allowed and 1 or 0, held or '', string.format('%.17g', now) }
