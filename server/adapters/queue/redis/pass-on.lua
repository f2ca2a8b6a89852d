-- ARGV: kind, and the process that has nobody for it after all.
redis.call('SREM', base .. ':idle:' .. ARGV[1], ARGV[2])
ring(ARGV[1])
