import type { Static, TSchema } from 'typebox'
import { Type } from 'typebox'
import type { Json } from '#server/lib/json.ts'
import type { Queue } from '#server/ports/queue.ts'
import { type Recurring, type TaskContext, type TaskKind, taskKind } from './task-kind.ts'

export type BatchItem = { key: string; payload: Json; priority?: number }

/**
 * A chore in two halves: a producer that walks the rows of what is to be done, by the calendar, and consumers that do it, in every process of the
 * role. The rows are the truth: whatever the consumers have not removed from them is found again by the next walk, and nothing of it is done
 * twice at the same time, because an item is known by its key.
 */
export type BatchChoreDeclaration<P extends TSchema> = {
  /** The producer is called so, the consumers `<name>.item`. */
  name: string
  cron: string
  timeZone?: string
  queue: Pick<Queue, 'add' | 'counts'>
  /** A page of what is to be done, in any order that stays the same; `next` is undefined after the last page. */
  produce(after: string | undefined, limit: number): Promise<{ items: readonly BatchItem[]; next: string | undefined }>
  item: P
  /** Does one, and makes its row go. May happen twice. */
  consume(payload: Static<P>, context: TaskContext): Promise<void>
  role?: 'worker' | 'scheduler'
  /** Consumers at once in one process, and in all. */
  concurrency: number
  overAll?: number
  deadlineMs: number
  maxAttempts?: number
  /** A page; 200. */
  batch?: number
  /** So many items wait in the queue at most: the others wait in their rows; 1000. */
  depth?: number
}

export function createBatchChore<P extends TSchema>(declaration: BatchChoreDeclaration<P>): { kinds: TaskKind[]; recurring: Recurring } {
  const { name, cron, timeZone, role = 'scheduler', concurrency, overAll, deadlineMs, maxAttempts } = declaration
  const itemKind = `${name}.item`
  const producer = taskKind({
    name,
    payload: Type.Object({}),
    role,
    concurrency: 1,
    overAll: 1,
    deadlineMs: 600_000,
    run: (_, context) => produceAll(declaration, itemKind, context),
  })
  const consumer = taskKind({
    name: itemKind,
    payload: declaration.item,
    role,
    concurrency,
    ...(overAll === undefined ? {} : { overAll }),
    deadlineMs,
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    run: (payload, context) => declaration.consume(payload as Static<P>, context),
  })
  return {
    kinds: [producer, consumer],
    recurring: { name, cron, ...(timeZone === undefined ? {} : { timeZone }), task: { kind: name, payload: {} } },
  }
}

async function produceAll<P extends TSchema>(declaration: BatchChoreDeclaration<P>, itemKind: string, context: TaskContext): Promise<void> {
  const { queue, batch = 200, depth = 1000, maxAttempts } = declaration
  let found = 0
  let added = 0
  for (let after: string | undefined; ; ) {
    context.signal.throwIfAborted()
    const room = depth - (await waitingOf(queue, itemKind))
    if (room <= 0) break
    const page = await declaration.produce(after, Math.min(batch, room))
    const tasks = await Promise.all(
      page.items.map((item) => queue.add(itemKind, { ...item, ...(maxAttempts === undefined ? {} : { maxAttempts }) })),
    )
    found += tasks.length
    added += tasks.filter((task) => task.isNew).length
    context.progress({ found, added })
    if (page.next === undefined) break
    after = page.next
  }
}

async function waitingOf(queue: Pick<Queue, 'counts'>, kind: string): Promise<number> {
  const counts = (await queue.counts())[kind]
  return counts ? counts.waiting + counts.delayed + counts.running : 0
}
