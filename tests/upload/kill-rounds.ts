import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { createChance } from '#server/lib/seed.ts'
import { until } from '#server/testing/parts/part-process.ts'
import type { KillGround, Task } from './kill-grounds.ts'
import { atOnce, type Range, sendUntil, wanted } from './send-blocks.ts'

const blocks = 12
const inOne = 4
/** When a server dies: while a task is opened, among its blocks, between the last block and the end, or while others are told of it. */
export type Moment = 'opening' | 'blocks' | 'end' | 'telling'
type Film = { n: number; task: Task; sha256: string }
type Rounds = { files: number; moments: readonly Moment[]; mustFind?: readonly string[] }

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export async function killAgainAndAgain(openGround: () => Promise<KillGround>, { files, moments, mustFind = [] }: Rounds): Promise<void> {
  await using ground = await openGround()
  const { component, blockBytes } = ground
  const run = createRun(ground)
  const films: Film[] = []
  for (let n = 0; n < files; n++) {
    const bytes = randomBytes(blockBytes * blocks)
    let task: Task | undefined
    for (const moment of moments) {
      if (moment === 'opening') task = await run.dieOpening(bytes, n)
      task ??= await ground.open(bytes, n)
      const acknowledged = moment === 'opening' ? [] : await run.dieAt(moment, task, bytes)
      const missing = await wanted(task)
      const isMissing = ({ startByte, endByte }: Range) => missing.some((gap) => gap.startByte < endByte && startByte < gap.endByte)
      expect(acknowledged.filter(isMissing), `file ${n}, ${moment}`).toEqual([])
    }
    if (!task) throw new Error('A film needs a moment at least.')
    await run.send(task, bytes)
    films.push({ n, task, sha256: digest(bytes) })
  }
  for (const { n, task, sha256 } of films) {
    const processes = [component.process()]
    await until(() => ground.isDone(task), { what: `the end of file ${n}`, processes, timeoutMs: 240_000 })
    expect(digest(await ground.read(task, n)), `file ${n}`).toBe(sha256)
  }
  const counts = run.counts()
  expect(counts.kills).toBe(files * moments.length)
  // What is sent again is what was in flight.
  expect(counts.sentBytes).toBeLessThanOrEqual((files * blocks + counts.cuts * atOnce) * blockBytes)
  expect(Object.keys(counts.found)).toEqual(expect.arrayContaining([...mustFind]))
}

function createRun({ component, blockBytes, ...ground }: KillGround) {
  const chance = createChance(20_261_121)
  const found: Record<string, number> = {}
  // How long these last is learnt, so that instants are drawn from the whole of them.
  const lastsMs = { opening: 20, end: 20 }
  const counts = { kills: 0, cuts: 0, sentBytes: 0, found }
  const count = (bytes: number) => void (counts.sentBytes += bytes)

  async function dieAndRise(task?: Task): Promise<void> {
    await component.kill()
    counts.kills++
    const state = await ground.stateOf(task)
    found[state] = (found[state] ?? 0) + 1
    await component.start()
  }

  /** Somewhere within something; whether that was over by then teaches how long it lasts. */
  async function somewhereIn(what: 'opening' | 'end', over: Promise<unknown>): Promise<void> {
    const beganMs = performance.now()
    const gone = new AbortController()
    const isOver = await Promise.race([over.then(() => true), sleep(chance.whole(0, lastsMs[what]), false, { signal: gone.signal })])
    gone.abort()
    lastsMs[what] = isOver ? performance.now() - beganMs : lastsMs[what] * 1.2 + 1
  }

  return {
    counts: () => counts,

    async send(task: Task, bytes: Uint8Array): Promise<Range[]> {
      return sendUntil(task, bytes, { blockBytes, answers: Number.POSITIVE_INFINITY, kill: async () => {}, count })
    },

    /** What its opening answered, or what one opened anew answers. */
    async dieOpening(bytes: Uint8Array, n: number): Promise<Task> {
      let task: Task | undefined
      const opening = ground.open(bytes, n).then(
        (opened) => void (task = opened),
        () => {},
      )
      await somewhereIn('opening', opening)
      await dieAndRise(task)
      await opening
      return task ?? (await ground.open(bytes, n))
    },

    /** What was answered "0" before. */
    async dieAt(moment: 'blocks' | 'end' | 'telling', task: Task, bytes: Uint8Array): Promise<Range[]> {
      if (moment === 'blocks') {
        counts.cuts++
        // After a random number of answers, in the middle of the others.
        const answers = chance.whole(1, inOne)
        const acknowledged = await sendUntil(task, bytes, { blockBytes, answers, kill: () => component.kill(), count })
        await dieAndRise(task)
        return acknowledged
      }
      const acknowledged = await this.send(task, bytes)
      const ended = until(() => ground.isDone(task), { what: 'the end', processes: [component.process()] })
      // In the middle of it, or just after it.
      if (moment === 'telling') await ended.then(() => sleep(chance.whole(0, 60)))
      else
        await somewhereIn(
          'end',
          ended.catch(() => {}),
        )
      await dieAndRise(task)
      await ended.catch(() => {})
      return acknowledged
    },
  }
}
