import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { owe } from '#server/database/outbox.ts'
import { createJobs } from '#server/jobs/jobs.ts'
import { createCapturedLog } from './captured-log.ts'
import { openQueueAt, openRowsAt } from './jobs-ground.ts'
import { numberKind } from './jobs-process.ts'

/**
 * A process of its own, to be killed: `jobs-child.ts ROWS QUEUE MODE NAME`. `owe`: owes one number after the other and says `owed N` when it
 * is committed; `run`: does them, and says `ran N`; `watch`: keeps the chore NAME, every fifth second. All of them look around and run.
 */
const [rowsUrl = '', queueUrl = '', mode = '', name = '', first = '0'] = process.argv.slice(2)
const db = await openRowsAt(rowsUrl)
const queue = await openQueueAt(queueUrl, queueUrl === '' ? db : undefined)
const say = (line: string) => process.stdout.write(`${line}\n`)
const kind = numberKind(
  async (n) => {
    say(`ran ${n}`)
    await systemClock.wait(Math.random() * 5)
  },
  { name, concurrency: 4, leaseMs: 600, maxAttempts: 1000 },
)
const jobs = createJobs({ db, queue, clock: systemClock, log: createCapturedLog(), timeZone: () => 'UTC' })
const recurring = mode === 'watch' ? [{ name, cron: '*/5 * * * * *', task: { kind: name, payload: { n: 0 } } }] : []
jobs.declare({ kinds: [kind], recurring })
jobs.start({ roles: ['scheduler', 'worker'] })
setInterval(() => {}, 60_000)
say('ready')
for (let n = Number(first); mode === 'owe'; n++) {
  await jobs.db.commit([owe({ kind: name, payload: { n } })])
  say(`owed ${n}`)
  await systemClock.wait(Math.random() * 4)
}
