import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '#server/lib/id.ts'
import { isLong, times } from '#server/testing/grounds.ts'
import { nextMillisecond } from '#server/testing/next-millisecond.ts'
import { newKind, type QueueGround } from '#server/testing/queue-ground.ts'
import type { Answers, Backend, Orders, Outcome } from './backend.ts'
import { QueueModel } from './queue-model.ts'

/** [Q22], on the bare store: orders that no well-behaved holder would give, late, repeated and mixed. */
export function queueShufflesContract(name: string, openGround: () => QueueGround): void {
  test(`${name}: [Q22] whatever is ordered, in whatever order, the store does as the rules say`, { timeout: 900_000 }, async () => {
    await using store = await openStore(openGround)
    await inParallel(times(400, 10_000), async (seed) => {
      const [commands = []] = fc.sample(fc.array(anyCommand, { minLength: 8, maxLength: 24 }), { seed: baseSeed + seed, numRuns: 1 })
      const world = new World(store.backend)
      try {
        for (const command of commands) await world.obey(command)
        await world.compare()
      } catch (error) {
        throw new Error(`seed ${baseSeed + seed}: ${JSON.stringify(commands)}`, { cause: error })
      }
    })
  })

  test(`${name}: [Q22] words that come two to five times, late and shuffled, leave a task as the plain run leaves it`, {
    timeout: 900_000,
  }, async () => {
    await using store = await openStore(openGround)
    await inParallel(times(200, 10_000), async (seed) => {
      const chance = createChance(baseSeed + seed)
      const plain = await runOnce(store.backend, createChance(baseSeed + seed + 1), undefined)
      const noisy = await runOnce(store.backend, createChance(baseSeed + seed + 1), chance)
      expect(noisy, `seed ${baseSeed + seed}`).toEqual(plain)
    })
  })
}

const baseSeed = isLong ? Number(process.env.MATINEE_SEED ?? Date.now() % 1_000_000_000) : 20_261_121

type Command =
  | { do: 'add'; slot: number; key: number; priority: number }
  | { do: 'take'; count: number }
  | { do: 'end'; slot: number; late: number; outcome: Outcome }
  | { do: 'expire'; slot: number; isRight: boolean }
  | { do: 'beat'; slot: number; late: number }
  | { do: 'cancel' | 'runNow'; slot: number }
  | { do: 'prioritise'; slot: number; priority: number }

const slot = fc.integer({ min: 0, max: 3 })
const priority = fc.integer({ min: -3, max: 3 })
const late = fc.constantFrom(0, 0, 0, 1, 2)
const outcome = fc.constantFrom<Outcome>(
  { to: 'done' },
  { to: 'parked', reason: 'broken' },
  { to: 'back', reason: 'again', delayMs: 0, uncount: false },
  { to: 'back', reason: undefined, delayMs: 0, uncount: true },
)
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), slot, key: fc.integer({ min: 0, max: 2 }), priority }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('take' as const), count: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('end' as const), slot, late, outcome }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), slot, isRight: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('beat' as const), slot, late }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'runNow' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prioritise' as const), slot, priority }) },
)

/** A kind of its own in the real store, and the model beside it. */
class World {
  readonly #backend: Backend
  readonly #kind = newKind()
  readonly #model = new QueueModel()
  readonly #ids = Array.from({ length: 4 }, () => newId())
  /** All numbers under which a task was ever taken, the newest first. */
  readonly #fences = new Map<string, number[]>()
  #born = 1_700_000_000_000_000

  constructor(backend: Backend) {
    this.#backend = backend
  }

  async obey(command: Command): Promise<void> {
    switch (command.do) {
      case 'add':
        return this.#add(command)
      case 'take':
        return this.#take(command.count)
      case 'end': {
        const { id, fence } = this.#word(command.slot, command.late)
        const { ends } = await this.#exchange({ ends: [{ id, kind: this.#kind, fence, outcome: command.outcome }] })
        return expect(ends).toEqual([this.#model.end(id, fence, command.outcome)])
      }
      case 'beat': {
        const { id, fence } = this.#word(command.slot, command.late)
        const { beats } = await this.#exchange({ beats: [{ id, kind: this.#kind, fence, leaseMs: 60_000 }] })
        return expect(beats).toEqual([this.#model.beat(id, fence)])
      }
      case 'expire':
        return this.#expire(command)
      case 'cancel':
        return expect((await this.#backend.cancel(this.#id(command.slot))) !== undefined).toBe(this.#model.cancel(this.#id(command.slot)))
      case 'runNow':
        // Wishes of one millisecond have no order on a store that counts in those.
        await nextMillisecond()
        return expect((await this.#backend.runNow(this.#id(command.slot))) !== undefined).toBe(this.#model.runNow(this.#id(command.slot)))
      case 'prioritise': {
        const id = this.#id(command.slot)
        return expect(await this.#backend.setPriority(id, command.priority)).toBe(this.#model.setPriority(id, command.priority))
      }
    }
  }

  async compare(): Promise<void> {
    for (const { id, state, attempt, priority: own } of this.#model.tasks.values()) {
      expect(await this.#backend.find(id)).toMatchObject({ state, attempt, priority: own })
    }
    const counts = (await this.#backend.list({ kind: this.#kind, state: 'waiting' })).items.length
    expect(counts).toBe([...this.#model.tasks.values()].filter((task) => task.state === 'waiting').length)
  }

  async #add({ slot: place, key, priority: own }: Extract<Command, { do: 'add' }>): Promise<void> {
    const task = { id: this.#id(place), key: key === 0 ? undefined : `key-${key}`, priority: own, maxAttempts: 5, born: this.#born++ }
    const { adds } = await this.#exchange({ adds: [{ ...task, kind: this.#kind, payload: { place }, notBeforeMs: 0 }] })
    expect(adds).toEqual([this.#model.add(task)])
  }

  async #take(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { takes } = await this.#exchange({ takes: [{ kind: this.#kind, count: 1, leaseMs: 60_000 }] })
      const [given] = takes[0]?.tasks ?? []
      const due = this.#model.next()
      expect(given?.task.id).toBe(due?.id)
      if (!given || !due) return
      this.#model.taken(due, given.fence)
      expect(given.task.attempt).toBe(due.attempt)
      this.#fences.set(due.id, [given.fence, ...(this.#fences.get(due.id) ?? [])])
    }
  }

  async #expire({ slot: place, isRight }: Extract<Command, { do: 'expire' }>): Promise<void> {
    const lease = (await this.#backend.leases([this.#kind])).find(({ id }) => id === this.#id(place))
    if (!lease) return
    const { id, fence, ends } = lease
    const back: Outcome = { to: 'back', reason: 'silent', delayMs: 0, uncount: false }
    const order = { id, kind: this.#kind, fence, expiredAt: isRight ? ends : ends - 1, outcome: back }
    const answer = (await this.#exchange({ ends: [order] })).ends
    expect(answer).toEqual([isRight ? this.#model.end(id, fence, back) : false])
  }

  #id(place: number): string {
    return this.#ids[place] ?? ''
  }

  #word(place: number, back: number): { id: string; fence: number } {
    const id = this.#id(place)
    return { id, fence: this.#fences.get(id)?.[back] ?? 1 }
  }

  #exchange(orders: Partial<Orders>): Promise<Answers> {
    return this.#backend.exchange({ ends: [], beats: [], adds: [], takes: [], ...orders })
  }
}

/** The life of one task by the dice: taken, given back some times, and ended. With `noise` each word comes again, late, at random moments. */
async function runOnce(backend: Backend, dice: () => number, noise: (() => number) | undefined): Promise<unknown> {
  const kind = newKind()
  const id = newId()
  const words: Partial<Orders>[] = []
  const send = async (orders: Partial<Orders>) => {
    const answers = await backend.exchange({ ends: [], beats: [], adds: [], takes: [], ...orders })
    if (noise) {
      if (!orders.takes) for (let i = 0; i < 1 + Math.floor(noise() * 4); i++) words.push(orders)
      while (words.length > 0 && noise() < 0.6) await repeat()
    }
    return answers
  }
  const repeat = async () => {
    const [word = {}] = words.splice(Math.floor((noise ?? dice)() * words.length), 1)
    await backend.exchange({ ends: [], beats: [], adds: [], takes: [], ...word })
  }
  await send({ adds: [{ id, kind, key: 'k', payload: null, priority: 0, notBeforeMs: 0, maxAttempts: 50, born: 1_700_000_000_000_000 }] })
  const rounds = 1 + Math.floor(dice() * 4)
  for (let round = 1; round <= rounds; round++) {
    const { takes } = await send({ takes: [{ kind, count: 1, leaseMs: 60_000 }] })
    const fence = takes[0]?.tasks[0]?.fence ?? 0
    await send({ beats: [{ id, kind, fence, leaseMs: 60_000, progress: { round } }] })
    const last: Outcome = dice() < 0.7 ? { to: 'done' } : { to: 'parked', reason: 'broken' }
    const outcomeNow: Outcome = round === rounds ? last : { to: 'back', reason: `round ${round}`, delayMs: 0, uncount: dice() < 0.3 }
    await send({ ends: [{ id, kind, fence, outcome: outcomeNow }] })
  }
  while (words.length > 0) await repeat()
  const task = await backend.find(id)
  return { state: task?.state, attempt: task?.attempt, reason: task?.reason, progress: task?.progress }
}

async function openStore(openGround: () => QueueGround): Promise<AsyncDisposable & { backend: Backend }> {
  const backend = await openGround().openBackend()
  return { backend, [Symbol.asyncDispose]: () => backend.close() }
}

async function inParallel(count: number, act: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (next < count) await act(next++)
    }),
  )
}

/** mulberry32 */
function createChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
