-- [Q12] [Q13] ARGV: 'pause', 'resume' or 'limit', kind, and the limit or ''. Whom it concerns is told.
local what, kind, limit = ARGV[1], ARGV[2], ARGV[3]
if what == 'pause' then redis.call('SADD', base .. ':paused', kind) end
if what == 'resume' then redis.call('SREM', base .. ':paused', kind) end
if what == 'limit' then
  if limit == '' then redis.call('HDEL', base .. ':limits', kind) else redis.call('HSET', base .. ':limits', kind, limit) end
end
if what ~= 'pause' then ringAll(kind) end
