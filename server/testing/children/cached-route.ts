import { openRedisCache } from '#server/adapters/cache/redis-cache.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { redisKeys } from '#server/adapters/redis/keys.ts'
import { Type } from 'typebox'
import { route } from '#server/http/route.ts'
import { createCapturedLog } from '../captured-log.ts'
import { openTestHttp } from '../http.ts'
import { openLine } from '../redis-line.ts'

/** A process of its own with one cached route over the Redis at argv[2]. Its database is slow, and counts in Redis how often it is asked. */
const url = process.argv[2] ?? ''
// However crowded the machine is: with a line that is too slow each process would rightly load for itself.
const slowMs = 20_000
const { line } = await openLine({ url }, { slowMs })
const database = await openLine({ url }, { slowMs })
const cache = await openRedisCache({ line, keys: redisKeys('test'), clock: systemClock, log: createCapturedLog(), maxBytes: 1_000_000 })
const film = route({
  method: 'GET',
  path: '/films/:id',
  area: 'test',
  summary: 'A film.',
  access: 'anyone',
  params: Type.Object({ id: Type.String() }),
  answers: { 200: Type.Object({ id: Type.String(), reads: Type.Integer() }) },
  cache: { freshMs: 60_000, tags: ({ id }) => [`film:${id}`] },
  handle: async ({ params: { id } }) => {
    const reads = Number(await database.line.send(['INCR', `reads:${id}`]))
    await systemClock.wait(150)
    return { status: 200, body: { id, reads } }
  },
})
const change = route({
  method: 'POST',
  path: '/films/:id/changes',
  area: 'test',
  summary: 'Changes a film.',
  access: 'anyone',
  params: Type.Object({ id: Type.String() }),
  answers: { 204: null },
  handle: async ({ params: { id } }) => {
    await cache.invalidate(`film:${id}`)
    return { status: 204 }
  },
})
const http = await openTestHttp([film, change], { cache, settings: { maxUnprovenPerAddress: 1000, maxConnectionsPerAddress: 1000 } })
await http.listen()
console.log(`listening ${http.address?.port}`)
