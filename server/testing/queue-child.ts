import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { openSqliteDatabase } from '#server/adapters/database/sqlite/sqlite-database.ts'
import { createRedisQueue } from '#server/adapters/queue/redis-queue.ts'
import { createSqliteQueue } from '#server/adapters/queue/sqlite-queue.ts'
import { redisKeys } from '#server/adapters/redis/keys.ts'
import type { Queue } from '#server/ports/queue.ts'
import { testPace } from './queue-ground.ts'
import { openLine } from './redis-line.ts'

/**
 * A process of its own, to be killed: `queue-child.ts STORE ADDRESS KIND MODE LEASE_MS`. It says `taken ID FENCE` of each task. `hold`: keeps it and
 * renews the lease; `sleep`: keeps it silently, and tries to finish it when it is sent a line; `work`: finishes it after some milliseconds.
 */
const [store = '', address = '', kind = '', mode = '', leaseMs = '1000'] = process.argv.slice(2)
setInterval(() => {}, 60_000) // waiting for a task keeps no process alive
const queue = await open()
const say = (line: string) => process.stdout.write(`${line}\n`)
say('ready')
for (;;) {
  const held = await queue.take([kind], { leaseMs: Number(leaseMs), signal: new AbortController().signal })
  if (!held) break
  say(`taken ${held.task.id} ${held.fence}`)
  if (mode === 'hold') setInterval(() => void held.beat(), Number(leaseMs) / 3)
  if (mode === 'sleep') process.stdin.once('data', () => void held.done().then((isDone) => say(`done ${isDone}`)))
  if (mode === 'work') {
    await systemClock.wait(Math.random() * 8)
    if (await held.done()) say(`done ${held.task.id}`)
  }
}

async function open(): Promise<Queue> {
  if (store === 'sqlite')
    return createSqliteQueue({ db: openSqliteDatabase({ path: address }), clock: systemClock, name: 'child', pace: testPace })
  const { line } = await openLine({ url: address })
  return createRedisQueue({ line, keys: redisKeys('test'), clock: systemClock, name: 'child', pace: testPace })
}
