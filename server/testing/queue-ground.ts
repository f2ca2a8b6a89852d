import type { Backend } from '#server/adapters/queue/backend.ts'
import type { QueuePace } from '#server/adapters/queue/leases.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { HeldTask, Queue } from '#server/ports/queue.ts'

/** One real store of tasks, and as many processes' sights of it as a test wants. */
export type QueueGround = {
  open(options?: { clock?: Clock; pace?: Partial<QueuePace> }): Promise<Queue>
  /** The bare store, for orders that no well-behaved holder would give. */
  openBackend(options?: { clock?: Clock }): Promise<Backend>
  /** How a process of its own opens the same store: arguments for queue-child.ts. */
  readonly childArgs: readonly string[]
}

/** Quick enough for a test: what a deployment counts in seconds is counted here in tenths. */
export const testPace: QueuePace = { watchMs: 40, askMs: 400 }

/** Opens sights that are closed at the end of the block. */
export async function openSights(ground: QueueGround, count: number, options?: Parameters<QueueGround['open']>[0]) {
  const queues: Queue[] = []
  for (let i = 0; i < count; i++) queues.push(await ground.open(options))
  return {
    queues,
    async [Symbol.asyncDispose]() {
      await Promise.all(queues.map((queue) => queue.close()))
    },
  }
}

/** What comes within so long; else undefined, and the taker has left. */
export async function takeWithin(queue: Queue, kinds: string | string[], ms = 2000, leaseMs = 10_000): Promise<HeldTask | undefined> {
  return queue.take([kinds].flat(), { leaseMs, signal: AbortSignal.timeout(ms) })
}

export async function mustTake(queue: Queue, kinds: string | string[], leaseMs?: number): Promise<HeldTask> {
  const held = await takeWithin(queue, kinds, 60_000, leaseMs)
  if (!held) throw new Error(`nobody gave a ${String(kinds)}`)
  return held
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 90_000): Promise<void> {
  const endMs = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`it never came to this: ${what}`)
    await new Promise((go) => setTimeout(go, 5))
  }
}

let kinds = 0
/** A kind of its own for each test: they share one store. */
export function newKind(): string {
  return `kind-${process.pid}-${++kinds}`
}
