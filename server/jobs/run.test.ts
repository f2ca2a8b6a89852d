import { expect, test } from 'vitest'
import type { HeldTask, Task } from '#server/ports/queue.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { numberKind } from '#server/testing/jobs-process.ts'
import { Run } from './run.ts'

test('[J4] a run that does not heed the stop keeps no place, and its place is told why', async () => {
  const clock = createHeldClock()
  const { held, said } = createHeld()
  const run = new Run(
    held,
    numberKind(() => new Promise(() => {}), { deadlineMs: 5000 }),
    clock,
  )
  const ended = run.end(undefined)
  await clock.advance(5000)
  expect(said).toEqual([])
  await clock.advance(10_000)
  expect(await ended).toMatchObject({ how: 'retry', reason: 'tasks.stuck' })
  expect(said).toEqual(['fail tasks.stuck'])
  expect(clock.waiting).toBe(0)
})

test('[J3] a run renews its lease three times as often as it must, and writes progress at most twice a second', async () => {
  const clock = createHeldClock()
  const { held, beats } = createHeld()
  const gate = Promise.withResolvers<void>()
  const kind = numberKind(
    async (_, { progress }) => {
      for (let n = 0; n < 20; n++) {
        progress(n)
        await clock.wait(100)
      }
      await gate.promise
    },
    { leaseMs: 6000, deadlineMs: 60_000 },
  )
  const ended = new Run(held, kind, clock).end(undefined)
  await clock.advance(2000)
  expect(beats.length).toBeLessThanOrEqual(4)
  expect(beats.filter((progress) => progress !== undefined).length).toBe(beats.length)
  beats.length = 0
  await clock.advance(12_000)
  expect(beats.length).toBeGreaterThanOrEqual(5)
  expect(beats.length).toBeLessThanOrEqual(7)
  gate.resolve()
  expect(await ended).toEqual({ how: 'done' })
  expect(clock.waiting).toBe(0)
})

/** A lease in memory, to see what is said to it; the real ones are tried in runner.test.ts. */
function createHeld() {
  const said: string[] = []
  const beats: unknown[] = []
  const say = async (word: string) => {
    said.push(word)
    return true
  }
  const held: HeldTask = {
    task: { id: 't', kind: 'k', payload: { n: 1 }, attempt: 1, maxAttempts: 5 } as unknown as Task,
    fence: 1,
    signal: new AbortController().signal,
    beat: async (progress) => {
      beats.push(progress)
      return true
    },
    done: () => say('done'),
    fail: (reason) => say(`fail ${reason}`),
    release: () => say('release'),
  }
  return { held, said, beats }
}
