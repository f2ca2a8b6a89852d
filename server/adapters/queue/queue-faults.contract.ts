import { expect, test } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { Clock } from '#server/ports/clock.ts'
import { type Child, startChild } from '#server/testing/child.ts'
import { isLong, soon, times } from '#server/testing/grounds.ts'
import { mustTake, newKind, openSights, type QueueGround, takeWithin, testPace, until } from '#server/testing/queue-ground.ts'

/** What holds when processes die, stall, and clocks jump. What only a store on a line can suffer is tested beside its adapter. */
export function queueFaultsContract(name: string, openGround: () => QueueGround): void {
  test(`${name}: [Q5] the task of a process that was killed is given to another, with a higher number`, async () => {
    const ground = openGround()
    await using sights = await openSights(ground, 1, { pace: testPace })
    const [queue] = sights.queues
    if (!queue) return
    const kind = newKind()
    await queue.add(kind, { payload: null })
    await using child = await startHolder(ground, kind, 'hold', 3000)
    const [, id, fence] = await child.says(/^taken (\S+) (\d+)$/)
    expect(await takeWithin(queue, kind, 3600)).toBeUndefined()
    const killedMs = performance.now()
    child.kill()
    const held = await mustTake(queue, kind)
    expect(held.task).toMatchObject({ id, reason: 'tasks.holder_silent' })
    // A machine that holds the child up for the length of a lease has it take the task a second time.
    expect(held.task.attempt).toBeGreaterThanOrEqual(2)
    expect(held.fence).toBeGreaterThan(Number(fence))
    expect(performance.now() - killedMs).toBeLessThan(soon(8000))
    expect(await held.done()).toBe(true)
  })

  test(`${name}: [Q6] a process that was stopped and goes on late is refused`, async () => {
    const ground = openGround()
    await using sights = await openSights(ground, 1, { pace: testPace })
    const [queue] = sights.queues
    if (!queue) return
    const kind = newKind()
    const { id } = await queue.add(kind, { payload: null })
    await using child = await startHolder(ground, kind, 'sleep', 300)
    await child.says(/^taken/)
    child.stop()
    const held = await mustTake(queue, kind)
    expect(await held.done()).toBe(true)
    child.goOn()
    child.write('\n')
    expect((await child.says(/^done (\w+)$/))[1]).toBe('false')
    expect(await queue.find(id)).toMatchObject({ state: 'done', attempt: 2 })
  })

  test(`${name}: [Q6] a holder that cannot renew its lease is told before anybody else is given the task`, async () => {
    await using sights = await openSights(openGround(), 2, { pace: testPace })
    const [queue, other] = sights.queues
    if (!queue || !other) return
    const kind = newKind()
    await queue.add(kind, { payload: null })
    const held = await mustTake(queue, kind, 200)
    let abortedMs = 0
    held.signal.addEventListener('abort', () => {
      abortedMs = performance.now()
    })
    const next = await mustTake(other, kind)
    expect(abortedMs).toBeGreaterThan(0)
    expect(performance.now()).toBeGreaterThanOrEqual(abortedMs)
    expect(await held.done()).toBe(false)
    expect(await next.done()).toBe(true)
  })

  test(`${name}: [Q9] a task whose holders fall silent is parked when its attempts are used up`, async () => {
    await using sights = await openSights(openGround(), 1, { pace: testPace })
    const [queue] = sights.queues
    if (!queue) return
    const kind = newKind()
    const { id } = await queue.add(kind, { payload: null, maxAttempts: 2 })
    await mustTake(queue, kind, 60)
    await mustTake(queue, kind, 60)
    await until('it is parked', async () => (await queue.find(id))?.state === 'parked')
    expect(await queue.find(id)).toMatchObject({ reason: 'tasks.holder_silent', attempt: 2 })
  })

  test(`${name}: [Q1] [Q5] [Q22] processes that are killed at random lose nothing, and no task is done twice`, {
    timeout: 300_000,
  }, async () => {
    const ground = openGround()
    await using sights = await openSights(ground, 1, { pace: testPace })
    const [queue] = sights.queues
    if (!queue) return
    const kind = newKind()
    const count = times(120, 1000)
    const kills = times(3, 50)
    const added = await Promise.all(Array.from({ length: count }, (_, i) => queue.add(kind, { payload: { i }, maxAttempts: 100 })))
    const done: string[] = []
    const children = await Promise.all([startHolder(ground, kind, 'work', 250), startHolder(ground, kind, 'work', 250)])
    const hear = (child: Child) => child.onLine((line) => line.startsWith('done ') && done.push(line.slice(5)))
    children.forEach(hear)
    for (let kill = 0; kill < kills; kill++) {
      await systemClock.wait(20 + Math.random() * 60)
      const place = kill % 2
      await children[place]?.[Symbol.asyncDispose]()
      const next = await startHolder(ground, kind, 'work', 250)
      hear(next)
      children[place] = next
    }
    await until('all are done', async () => (await queue.counts())[kind]?.done === count)
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()))
    expect((await queue.counts())[kind]).toEqual({ waiting: 0, delayed: 0, running: 0, done: count, parked: 0, cancelled: 0 })
    // Whoever was killed between the end and the word of it has said nothing: but nobody has said it twice.
    expect(new Set(done).size).toBe(done.length)
    const ids = new Set(added.map(({ id }) => id))
    expect(done.every((id) => ids.has(id))).toBe(true)
  })

  test(`${name}: [Q18] a clock that jumps takes no task from a holder that lives`, async () => {
    let shiftMs = 0
    const jumping: Clock = { ...systemClock, now: () => systemClock.now() + shiftMs }
    await using sights = await openSights(openGround(), 2, { pace: testPace, clock: jumping })
    const [queue, other] = sights.queues
    if (!queue || !other) return
    const kind = newKind()
    await queue.add(kind, { payload: 1 })
    // Far longer than a busy machine may hold up a beat, and far shorter than the jumps.
    const held = await mustTake(queue, kind, 10_000)
    const beats = setInterval(() => void held.beat(), 100)
    await systemClock.wait(150)
    const thief = takeWithin(other, kind, 1600)
    for (const jumpMs of [3_600_000, -7_200_000, 86_400_000, -100_000_000]) {
      shiftMs += jumpMs
      await systemClock.wait(350)
    }
    clearInterval(beats)
    expect(await thief).toBeUndefined()
    expect(await held.done()).toBe(true)
  })

  test(`${name}: [Q15] a free taker has a new task within 20 ms (p95), also in another process`, async () => {
    await using sights = await openSights(openGround(), 2, { pace: { watchMs: 1000, askMs: 600_000 } })
    const [queue, other] = sights.queues
    if (!queue || !other) return
    const kind = newKind()
    const stop = new AbortController()
    const tookMs: number[] = []
    const taker = (async () => {
      for (;;) {
        const held = await queue.take([kind], { leaseMs: 10_000, signal: stop.signal })
        if (!held) return
        tookMs.push(performance.now() - (held.task.payload as { atMs: number }).atMs)
        await held.done()
      }
    })()
    const isShared = ground(openGround) === 'redis'
    for (let i = 0; i < 40; i++) {
      await systemClock.wait(5)
      await (isShared && i % 2 ? other : queue).add(kind, { payload: { atMs: performance.now() } })
    }
    await until('all are taken', () => tookMs.length === 40)
    stop.abort()
    await taker
    tookMs.sort((a, b) => a - b)
    // The bench has the figure. Here nobody would ask by himself for a minute: whoever was given something was woken.
    expect(tookMs[20]).toBeLessThan(isLong ? 20 : 10_000)
    expect(tookMs[37]).toBeLessThan(isLong ? 100 : 30_000)
  })
}

function ground(openGround: () => QueueGround): string {
  return openGround().childArgs[0] ?? ''
}

function startHolder(ground: QueueGround, kind: string, mode: 'hold' | 'sleep' | 'work', leaseMs: number): Promise<Child> {
  return startChild(new URL('../../testing/queue-child.ts', import.meta.url), [...ground.childArgs, kind, mode, String(leaseMs)])
}
