import { soon } from '#server/testing/grounds.ts'
import { expect, test } from 'vitest'
import { nextMillisecond } from '#server/testing/next-millisecond.ts'
import { mustTake, newKind, openSights, type QueueGround, takeWithin, testPace, until } from '#server/testing/queue-ground.ts'
import { newId } from '#server/lib/id.ts'
import type { HeldTask, Queue, Task } from '#server/ports/queue.ts'

/** The rules of a calm day. Faults have a contract of their own. */
export function queueContract(name: string, openGround: () => QueueGround): void {
  const withQueues = async (count: number, act: (queues: [Queue, ...Queue[]], kind: string) => Promise<void>) => {
    await using sights = await openSights(openGround(), count, { pace: testPace })
    await act(sights.queues as [Queue, ...Queue[]], newKind())
  }

  test(`${name}: [Q1] a task is taken once, however many ask in however many processes`, () =>
    withQueues(3, async (queues, kind) => {
      const given: HeldTask[] = []
      const stop = new AbortController()
      const takers = Array.from({ length: 30 }, async (_, i) => {
        for (;;) {
          const held = await at(queues, i).take([kind], { leaseMs: 10_000, signal: stop.signal })
          if (!held) return
          given.push(held)
        }
      })
      await Promise.all(Array.from({ length: 60 }, (_, i) => at(queues, i).add(kind, { payload: { i } })))
      await until('all are given', () => given.length >= 60)
      stop.abort()
      await Promise.all(takers)
      expect(new Set(given.map((held) => held.task.id)).size).toBe(60)
      expect(given.length).toBe(60)
      expect(await Promise.all(given.map((held) => held.done()))).toEqual(given.map(() => true))
      expect((await queues[0].counts())[kind]).toMatchObject({ waiting: 0, running: 0, done: 60 })
    }))

  test(`${name}: [Q2] a key names one task of its kind until that is over, an id one for ever`, () =>
    withQueues(1, async ([queue], kind) => {
      const first = await queue.add(kind, { key: 'v1', payload: { n: 1 } })
      expect(first).toMatchObject({ state: 'waiting', isNew: true })
      const [again, other, elsewhere] = await Promise.all([
        queue.add(kind, { key: 'v1', payload: { n: 2 } }),
        queue.add(kind, { key: 'v2', payload: { n: 3 } }),
        queue.add(`${kind}-b`, { key: 'v1', payload: { n: 4 } }),
      ])
      expect(again).toEqual({ id: first.id, state: 'waiting', isNew: false })
      expect([other.isNew, elsewhere.isNew]).toEqual([true, true])
      const held = await mustTake(queue, kind)
      expect(held.task.payload).toEqual({ n: 1 })
      expect(await queue.add(kind, { key: 'v1', payload: {} })).toEqual({ id: first.id, state: 'running', isNew: false })
      await held.done()
      expect(await queue.findByKey(kind, 'v1')).toBeUndefined()
      expect(await queue.add(kind, { id: first.id, key: 'v1', payload: {} })).toEqual({ id: first.id, state: 'done', isNew: false })
      const next = await queue.add(kind, { key: 'v1', payload: { n: 5 } })
      expect(next).toMatchObject({ state: 'waiting', isNew: true })
      expect((await queue.findByKey(kind, 'v1'))?.id).toBe(next.id)
    }))

  test(`${name}: [Q2] ten adds at once with one key, in three processes, are one task`, () =>
    withQueues(3, async (queues, kind) => {
      const added = await Promise.all(Array.from({ length: 10 }, (_, i) => at(queues, i).add(kind, { key: 'only', payload: { i } })))
      expect(new Set(added.map((one) => one.id)).size).toBe(1)
      expect(added.filter((one) => one.isNew).length).toBe(1)
    }))

  test(`${name}: [Q2] a parked task keeps its key, a cancelled one gives it free`, () =>
    withQueues(1, async ([queue], kind) => {
      const { id } = await queue.add(kind, { key: 'k', payload: null })
      await (await mustTake(queue, kind)).fail('broken', { delayMs: 0, park: true })
      expect(await queue.add(kind, { key: 'k', payload: null })).toEqual({ id, state: 'parked', isNew: false })
      await queue.cancel(id)
      expect((await queue.add(kind, { key: 'k', payload: null })).isNew).toBe(true)
    }))

  test(`${name}: [Q3] the higher priority goes first, then the older, also when a priority is changed`, () =>
    withQueues(1, async ([queue], kind) => {
      const ids: Record<string, string> = {}
      for (const [label, priority] of [
        ['low', -5],
        ['a', 0],
        ['b', 0],
        ['high', 7],
        ['late', 0],
      ] as const) {
        ids[label] = (await queue.add(kind, { payload: { label }, priority })).id
      }
      expect(await queue.setPriority(ids.late ?? '', 1_000_000)).toBe(true)
      expect(await takeAll(queue, kind, 5)).toEqual(['late', 'high', 'a', 'b', 'low'])
      expect(await queue.setPriority(ids.late ?? '', 3)).toBe(false)
      expect(await queue.setPriority(newId(), 3)).toBe(false)
    }))

  test(`${name}: [Q3] a task that has waited long is given before those of higher priority that come later`, async () => {
    const ground = openGround()
    const backend = await ground.openBackend()
    const kind = newKind()
    const nowUs = Date.now() * 1000
    const add = (id: string, priority: number, ageMinutes: number) => ({
      id,
      kind,
      key: undefined,
      payload: null,
      priority,
      notBeforeMs: 0,
      maxAttempts: 5,
      born: nowUs - ageMinutes * 60_000_000,
    })
    const adds = [add(`${kind}-a`, 10, 0), add(`${kind}-b`, 0, 11), add(`${kind}-c`, 0, 9)]
    const { takes } = await backend.exchange({ ends: [], beats: [], adds, takes: [{ kind, count: 3, leaseMs: 1000 }] })
    expect(takes[0]?.tasks.map(({ task }) => task.id.slice(-1))).toEqual(['b', 'a', 'c'])
    await backend.close()
  })

  test(`${name}: [Q4] a delayed task is given when its moment has come, and a taker that waits for it is woken`, () =>
    withQueues(2, async ([queue, other], kind) => {
      const taken = other ? takeWithin(other, kind, 60_000) : undefined
      const startMs = Date.now()
      await queue.add(kind, { payload: 'later', notBeforeMs: startMs + 1500 })
      expect((await queue.list({ kind, state: 'delayed' })).items.length).toBe(1)
      const held = await taken
      expect(held?.task.payload).toBe('later')
      const tookMs = Date.now() - startMs
      expect(tookMs).toBeGreaterThanOrEqual(1499)
      expect(tookMs).toBeLessThan(soon(2000))
    }))

  test(`${name}: [Q6] whoever is not the holder any more changes nothing`, () =>
    withQueues(1, async ([queue], kind) => {
      const { id } = await queue.add(kind, { payload: null })
      const held = await mustTake(queue, kind)
      expect(await held.done()).toBe(true)
      expect(await held.done()).toBe(false)
      expect(await held.fail('no', { delayMs: 0, park: true })).toBe(false)
      expect(await held.beat()).toBe(false)
      expect(await held.release()).toBe(false)
      expect(await queue.find(id)).toMatchObject({ state: 'done', attempt: 1, reason: undefined })
    }))

  test(`${name}: [Q7] the fencing number grows from taking to taking, and from task to task under one key`, () =>
    withQueues(2, async (queues, kind) => {
      const fences: number[] = []
      for (let i = 0; i < 6; i++) {
        const queue = at(queues, i)
        if (i % 3 === 0) await queue.add(kind, { key: 'same', payload: null })
        const held = await mustTake(queue, kind)
        fences.push(held.fence)
        if (i % 3 === 2) await held.done()
        else await held.fail('again', { delayMs: 0, park: false })
        if (i % 3 === 2) await queue.sweep({ endedBeforeMs: Date.now() + 1000 })
      }
      expect(fences).toEqual(fences.toSorted((a, b) => a - b))
      expect(new Set(fences).size).toBe(6)
    }))

  test(`${name}: [Q8] a failed task comes back after its delay with its reason, until its attempts are used up`, () =>
    withQueues(1, async ([queue], kind) => {
      const { id } = await queue.add(kind, { payload: null, maxAttempts: 2 })
      const startMs = Date.now()
      await (await mustTake(queue, kind)).fail('first', { delayMs: 1500, park: false })
      expect(await queue.find(id)).toMatchObject({ state: 'delayed', reason: 'first', attempt: 1 })
      const second = await mustTake(queue, kind)
      expect(Date.now() - startMs).toBeGreaterThanOrEqual(1499)
      expect(second.task).toMatchObject({ attempt: 2, reason: 'first' })
      await second.fail('second', { delayMs: 150, park: false })
      expect(await queue.find(id)).toMatchObject({ state: 'parked', reason: 'second', attempt: 2, endedMs: anyNumber })
      expect(await takeWithin(queue, kind, 300)).toBeUndefined()
    }))

  test(`${name}: [Q10] what is cancelled is never given; what is over cannot be cancelled`, () =>
    withQueues(1, async ([queue], kind) => {
      const waiting = await queue.add(kind, { payload: 'w', key: 'w' })
      const delayed = await queue.add(kind, { payload: 'd', notBeforeMs: Date.now() + 50 })
      expect([await queue.cancel(waiting.id), await queue.cancel(delayed.id)]).toEqual([true, true])
      expect(await queue.cancel(waiting.id)).toBe(false)
      expect(await queue.cancel(newId())).toBe(false)
      expect(await takeWithin(queue, kind, 300)).toBeUndefined()
      expect(await queue.find(waiting.id)).toMatchObject({ state: 'cancelled', endedMs: anyNumber })
      const { id } = await queue.add(kind, { payload: null })
      await (await mustTake(queue, kind)).done()
      expect(await queue.cancel(id)).toBe(false)
    }))

  test(`${name}: [Q10] cancelling reaches the holder, and he is refused`, () =>
    withQueues(1, async ([queue], kind) => {
      const { id } = await queue.add(kind, { payload: null })
      const held = await mustTake(queue, kind)
      expect(held.signal.aborted).toBe(false)
      expect(await queue.cancel(id)).toBe(true)
      await until('the holder hears of it', () => held.signal.aborted)
      expect(await held.done()).toBe(false)
      expect(await queue.find(id)).toMatchObject({ state: 'cancelled' })
    }))

  test(`${name}: [Q10] cancelling reaches a holder in another process`, () =>
    withQueues(2, async ([queue, other], kind) => {
      const { id } = await queue.add(kind, { payload: null })
      const held = await mustTake(other ?? queue, kind, 500)
      expect(await queue.cancel(id)).toBe(true)
      const beats = setInterval(() => void held.beat(), 50)
      await until('the holder hears of it', () => held.signal.aborted)
      clearInterval(beats)
      expect(await held.done()).toBe(false)
      expect(await queue.find(id)).toMatchObject({ state: 'cancelled' })
    }))

  test(`${name}: [Q11] run now lets a waiting, a delayed and a parked task go first, at once`, () =>
    withQueues(1, async ([queue], kind) => {
      const parked = await queue.add(kind, { payload: { label: 'parked' }, maxAttempts: 1 })
      await (await mustTake(queue, kind)).fail('why', { delayMs: 0, park: false })
      await queue.add(kind, { payload: { label: 'high' }, priority: 1_000_000 })
      const low = await queue.add(kind, { payload: { label: 'low' }, priority: -1_000_000 })
      const delayed = await queue.add(kind, { payload: { label: 'delayed' }, notBeforeMs: Date.now() + 3_600_000 })
      for (const { id } of [low, delayed, parked]) {
        expect(await queue.runNow(id)).toBe(true)
        await nextMillisecond()
      }
      expect(await queue.find(parked.id)).toMatchObject({ state: 'waiting', attempt: 0 })
      expect(await takeAll(queue, kind, 4)).toEqual(['low', 'delayed', 'parked', 'high'])
      expect(await queue.runNow(low.id)).toBe(false)
      expect(await queue.runNow(newId())).toBe(false)
    }))

  test(`${name}: [Q12] nobody is given one of a paused kind until it is resumed`, () =>
    withQueues(2, async ([queue, other], kind) => {
      await queue.add(kind, { payload: 'before' })
      const running = await mustTake(queue, kind)
      await queue.pause(kind)
      expect(await queue.pausedKinds()).toContain(kind)
      await queue.add(kind, { payload: 'meanwhile' })
      const waiting = other ? takeWithin(other, kind, 60_000) : undefined
      expect(await takeWithin(queue, kind, 150)).toBeUndefined()
      expect(await running.done()).toBe(true)
      await queue.resume(kind)
      expect((await waiting)?.task.payload).toBe('meanwhile')
      expect(await queue.pausedKinds()).not.toContain(kind)
    }))

  test(`${name}: [Q13] never more of a kind run than its limit, over all processes, and a free place is filled`, () =>
    withQueues(3, async (queues, kind) => {
      await queues[0].limitKind(kind, 4)
      let running = 0
      let most = 0
      let done = 0
      const stop = new AbortController()
      const takers = Array.from({ length: 24 }, async (_, i) => {
        for (;;) {
          const held = await at(queues, i).take([kind], { leaseMs: 10_000, signal: stop.signal })
          if (!held) return
          most = Math.max(most, ++running)
          await until('all places are filled', () => most >= 4)
          await new Promise((go) => setTimeout(go, 2))
          running--
          await held.done()
          done++
        }
      })
      await Promise.all(Array.from({ length: 80 }, () => at(queues, 1).add(kind, { payload: null })))
      await until('all are done', () => done === 80)
      stop.abort()
      await Promise.all(takers)
      expect(most).toBe(4)
      await queues[0].limitKind(kind, undefined)
      await Promise.all(Array.from({ length: 10 }, () => at(queues, 1).add(kind, { payload: null })))
      expect((await Promise.all(Array.from({ length: 10 }, () => mustTake(queues[0], kind)))).length).toBe(10)
    }))

  test(`${name}: [Q14] a flood of one kind keeps no other waiting`, () =>
    withQueues(1, async ([queue], kind) => {
      const rare = `${kind}-rare`
      await Promise.all(Array.from({ length: 100 }, () => queue.add(kind, { payload: null, priority: 1000 })))
      await Promise.all(Array.from({ length: 5 }, () => queue.add(rare, { payload: null })))
      const order: string[] = []
      for (let i = 0; i < 12; i++) {
        const held = await mustTake(queue, [kind, rare])
        order.push(held.task.kind)
        await held.done()
      }
      expect(order.filter((one) => one === rare).length).toBe(5)
    }))

  test(`${name}: [Q16] lists show every task in its state, page by page; counts count them`, () =>
    withQueues(1, async ([queue], kind) => {
      for (let i = 0; i < 12; i++) await queue.add(kind, { payload: { label: i } })
      await queue.add(kind, { payload: null, notBeforeMs: Date.now() + 60_000 })
      for (let i = 0; i < 5; i++) await (await mustTake(queue, kind)).done()
      await (await mustTake(queue, kind)).fail('why not', { delayMs: 0, park: true })
      const held = await mustTake(queue, kind)
      await held.beat({ percent: 40 })
      expect((await queue.counts())[kind]).toEqual({ waiting: 5, delayed: 1, running: 1, done: 5, parked: 1, cancelled: 0 })
      expect((await walk(queue, kind, 'waiting')).map(labelOf)).toEqual([7, 8, 9, 10, 11])
      expect((await walk(queue, kind, 'done')).map(labelOf)).toEqual([4, 3, 2, 1, 0])
      expect((await queue.list({ kind, state: 'running' })).items).toMatchObject([
        { id: held.task.id, progress: { percent: 40 }, attempt: 1 },
      ])
      expect((await queue.list({ kind, state: 'parked' })).items).toMatchObject([{ reason: 'why not', state: 'parked' }])
      expect((await queue.list({ state: 'running', limit: 500 })).items.map((task) => task.id)).toContain(held.task.id)
      expect(await queue.find(held.task.id)).toMatchObject({
        kind,
        state: 'running',
        startedMs: anyNumber,
        holder: anyString,
      })
      await expect(queue.list({ kind, state: 'done', after: 'nonsense' })).rejects.toThrow('tasks.cursor')
    }))

  test(`${name}: [Q16] what ends at once is listed in the order in which it ended, whatever its id and age`, () =>
    withQueues(1, async ([queue], kind) => {
      for (let i = 0; i < 30; i++) await queue.add(kind, { payload: { label: i } })
      const held = await Promise.all(Array.from({ length: 30 }, () => mustTake(queue, kind)))
      const ending = held.toSorted((a, b) => (Number(labelOf(a.task)) % 7) - (Number(labelOf(b.task)) % 7))
      await Promise.all(ending.map((one) => one.done()))
      expect((await walk(queue, kind, 'done')).map(labelOf)).toEqual(ending.map(({ task }) => labelOf(task)).toReversed())
    }))

  test(`${name}: [Q17] a sweep removes what is over, by age and by number, and leaves what is parked`, () =>
    withQueues(1, async ([queue], kind) => {
      for (let i = 0; i < 10; i++) await queue.add(kind, { payload: { label: i } })
      for (let i = 0; i < 8; i++) await (await mustTake(queue, kind)).done()
      await (await mustTake(queue, kind)).fail('x', { delayMs: 0, park: true })
      expect(await queue.sweep({ endedBeforeMs: Date.now() - 60_000 })).toBe(0)
      expect(await queue.sweep({ endedBeforeMs: Date.now() + 1000, keepPerKind: 3 })).toBeGreaterThanOrEqual(5)
      expect((await walk(queue, kind, 'done')).map(labelOf)).toEqual([7, 6, 5])
      await queue.sweep({ endedBeforeMs: Date.now() + 1000 })
      expect((await queue.counts())[kind]).toEqual({ waiting: 1, delayed: 0, running: 0, done: 0, parked: 1, cancelled: 0 })
    }))

  test(`${name}: [Q21] a taker that leaves in the moment it is given something loses nothing`, () =>
    withQueues(1, async ([queue], kind) => {
      const stops = Array.from({ length: 40 }, () => new AbortController())
      const takers = stops.map((stop) => queue.take([kind], { leaseMs: 60_000, signal: stop.signal }))
      const adds = stops.map(() => queue.add(kind, { payload: null }))
      stops.forEach((stop, i) => setTimeout(() => stop.abort(), i % 5))
      const kept = (await Promise.all(takers)).filter((held) => held !== undefined)
      await Promise.all(adds)
      const rest = await Promise.all(Array.from({ length: 40 - kept.length }, () => mustTake(queue, kind)))
      expect(new Set([...kept, ...rest].map((held) => held.task.id)).size).toBe(40)
      expect([...kept, ...rest].map((held) => held.task.attempt)).toEqual(Array.from({ length: 40 }, () => 1))
    }))

  test(`${name}: [Q21] what is released goes back uncounted`, () =>
    withQueues(1, async ([queue], kind) => {
      await queue.add(kind, { payload: null, maxAttempts: 1 })
      const first = await mustTake(queue, kind)
      expect(await first.release()).toBe(true)
      const second = await mustTake(queue, kind)
      expect(second.task.attempt).toBe(1)
      expect(second.fence).toBeGreaterThan(first.fence)
    }))

  test(`${name}: a queue that is closed sends its takers away and takes no more`, async () => {
    const queue = await openGround().open({ pace: testPace })
    const kind = newKind()
    const taker = queue.take([kind], { leaseMs: 1000, signal: new AbortController().signal })
    const added = queue.add(kind, { payload: null, notBeforeMs: Date.now() + 60_000 })
    await queue.close()
    expect(await taker).toBeUndefined()
    expect((await added).state).toBe('delayed')
    await expect(queue.add(kind, { payload: null })).rejects.toThrow('closed')
    expect(await queue.take([kind], { leaseMs: 1000, signal: new AbortController().signal })).toBeUndefined()
  })
}

const anyNumber: unknown = expect.any(Number)
const anyString: unknown = expect.any(String)

function at(queues: readonly [Queue, ...Queue[]], i: number): Queue {
  return queues[i % queues.length] ?? queues[0]
}

/** One after the other, and then there is none. */
async function takeAll(queue: Queue, kind: string, count: number): Promise<unknown[]> {
  const labels: unknown[] = []
  for (let n = 0; n < count; n++) {
    const held = await mustTake(queue, kind)
    labels.push(labelOf(held.task))
    await held.done()
  }
  expect(await takeWithin(queue, kind, 250)).toBeUndefined()
  return labels
}

function labelOf(task: Task): unknown {
  return (task.payload as { label?: unknown } | null)?.label
}

async function walk(queue: Queue, kind: string, state: Task['state']): Promise<Task[]> {
  const all: Task[] = []
  for (let after: string | undefined; ; ) {
    const page = await queue.list({ kind, state, limit: 2, ...(after === undefined ? {} : { after }) })
    all.push(...page.items)
    if (page.next === undefined) return all
    after = page.next
  }
}
