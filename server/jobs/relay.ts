import type { Database, Statement } from '#server/database/database.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { AddedTask, Queue, Task } from '#server/ports/queue.ts'
import type { Ending, TaskListener } from './listener.ts'
import { createOutboxStore, type OwedRow } from './outbox-store.ts'
import type { Registry } from './registry.ts'

export type RelayParts = {
  db: Database<'outbox'>
  queue: Queue
  registry: Registry
  clock: Clock
  log: Log
  /** Looks for rows that nobody has rung for, and rings again when the queue may have lost something. One process of a Matinee must. */
  looksAround: boolean
}

export type Relay = TaskListener & {
  /** Something has just been owed in this process. */
  wake(): void
  /** Tasks are over: their rows go, soon. */
  settle(taskId: string): void
  /** Rings for everything that is owed. Answers how much that is. */
  ringAll(): Promise<number>
  close(): Promise<void>
}

const pageSize = 500
const lookMs = 2000
/** So long a task that was handed over is believed to stand in a queue that can forget. */
const ringAgainMs = 600_000
const settleMs = 50
/** Longer than any commit may take. */
const secondRingMs = 15_000

/** Carries what is owed from the rows to the queue, at least once, until its task is over. */
export function createRelay(parts: RelayParts): Relay {
  const { db, queue, clock, log } = parts
  const store = createOutboxStore(db)
  const settling = new Set<string>()
  /** Rows that wait for the end of another task of their key. */
  const blocked = new Map<string, Set<string>>()
  let settler: { cancel(): void } | undefined
  let looker: { cancel(): void } | undefined
  let round: Promise<void> | undefined
  let isDue = false
  let isClosed = false

  let ringer: { cancel(): void } | undefined

  const endOfLoss = parts.looksAround ? queue.onLoss(ringTwice) : () => {}
  if (parts.looksAround) {
    ringTwice()
    lookAgain()
  }

  /** [O2] The second time for what another process was just handing over, and wrote down as handed over after the first. */
  function ringTwice(): void {
    void ringAll().catch(failed('tasks.ring_failed'))
    ringer?.cancel()
    ringer = clock.after(secondRingMs, () => void ringAll().catch(failed('tasks.ring_failed')))
  }

  function wake(): void {
    isDue = true
    if (round || isClosed) return
    round = rounds().finally(() => {
      round = undefined
      if (isDue && !isClosed) wake()
    })
  }

  /** The one catch of the relay: what could not be handed over now is looked for again. */
  async function rounds(): Promise<void> {
    try {
      while (isDue && !isClosed) {
        isDue = false
        const rows = await store.listDue(clock.now(), pageSize)
        if (rows.length > 0) await handOver(rows)
        if (rows.length === pageSize) isDue = true
      }
    } catch (error) {
      failed('tasks.hand_over_failed')(error)
    }
  }

  async function handOver(rows: readonly OwedRow[]): Promise<void> {
    const nowMs = clock.now()
    const ringMs = nowMs + ringAgainMs
    const changes = await Promise.all(
      toGroups(rows).map(async (group): Promise<Statement[]> => {
        const added = await add(group)
        return changesOf(group, added, { nowMs, ringMs })
      }),
    )
    const statements = changes.flat()
    if (statements.length > 0) await db.commit(statements)
  }

  function add({ first, priority }: Group): Promise<AddedTask> {
    const { kind, key, payload, notBeforeMs } = first
    const maxAttempts = first.maxAttempts ?? parts.registry.find(kind)?.maxAttempts
    return queue.add(kind, {
      id: first.taskId ?? first.id,
      payload,
      priority,
      ...(key === undefined ? {} : { key }),
      ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
    })
  }

  function changesOf(group: Group, added: AddedTask, { nowMs, ringMs }: { nowMs: number; ringMs: number }): Statement[] {
    const { first, ids } = group
    const id = first.taskId ?? first.id
    // [O4] Another one holds the key: all of them wait for their turn.
    if (added.id !== id) return [waitForTurn(first, [...ids, ...group.waiting], nowMs)]
    // [O3] Only what was owed before the task stood is certain to be seen by its run.
    const isSeen = added.isNew || first.taskId !== undefined
    const settled = isSeen ? ids : [first.id]
    const waiting = [...group.waiting, ...(isSeen ? [] : ids.slice(1))]
    const isOver = added.state === 'done' || added.state === 'cancelled'
    const change = isOver ? store.delete(settled) : store.handOver(settled, id, ringMs)
    return waiting.length === 0 ? [change] : [change, waitForTurn(first, waiting, nowMs)]
  }

  function waitForTurn(first: OwedRow, ids: readonly string[], nowMs: number): Statement {
    if (first.key !== undefined) {
      const name = `${first.kind}\n${first.key}`
      blocked.set(name, new Set([...(blocked.get(name) ?? []), ...ids]))
    }
    return store.postpone(ids, nowMs + patienceMs(first, nowMs))
  }

  /** [O4] The key is free: whoever has waited for it here need not wait for the next look. */
  function giveTurn(kind: string, key: string): void {
    const ids = blocked.get(`${kind}\n${key}`)
    if (!ids) return
    blocked.delete(`${kind}\n${key}`)
    db.commit([store.postpone([...ids], 0)]).then(wake, failed('tasks.turn_failed'))
  }

  function settle(taskId: string): void {
    settling.add(taskId)
    settler ??= clock.after(settleMs, () => {
      settler = undefined
      void flush().catch(failed('tasks.settle_failed'))
    })
  }

  /** A row that stays because this fails is rung for again, found to be over, and goes then. */
  async function flush(): Promise<void> {
    const ids = [...settling]
    settling.clear()
    if (ids.length > 0) await db.commit([store.settle(ids)])
  }

  async function ringAll(): Promise<number> {
    await round
    await db.commit([store.ringAll()])
    const count = await store.count()
    wake()
    return count
  }

  function lookAgain(): void {
    if (isClosed) return
    looker = clock.after(lookMs * (0.75 + Math.random() / 2), () => {
      wake()
      lookAgain()
    })
  }

  function failed(event: string): (error: unknown) => void {
    return (error) => log.warn(event, { error })
  }

  return {
    wake,
    settle,
    ringAll,
    ended(task: Task, ending: Ending) {
      if (ending.how !== 'done') return
      settle(task.id)
      if (task.key !== undefined) giveTurn(task.kind, task.key)
    },
    async close() {
      isClosed = true
      endOfLoss()
      looker?.cancel()
      ringer?.cancel()
      settler?.cancel()
      await round
      await flush().catch(failed('tasks.settle_failed'))
    },
  }
}

/** Rows that one task settles; `waiting`: of the same key, but not alike, so that they have to come after it. */
type Group = { first: OwedRow; ids: string[]; priority: number; waiting: string[] }

/** [O3] Rows of one kind and key that are alike, and not handed over yet, share a task. Ids sort by birth: the oldest leads. */
function toGroups(rows: readonly OwedRow[]): Group[] {
  const groups = new Map<string, Group>()
  for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const name = row.taskId ?? (row.key === undefined ? row.id : `${row.kind}\n${row.key}`)
    const group = groups.get(name)
    if (!group) groups.set(name, { first: row, ids: [row.id], priority: row.priority, waiting: [] })
    else if (isAlike(group.first, row)) {
      group.ids.push(row.id)
      group.priority = Math.max(group.priority, row.priority)
    } else group.waiting.push(row.id)
  }
  return [...groups.values()]
}

function isAlike(one: OwedRow, other: OwedRow): boolean {
  return one.payloadText === other.payloadText && one.notBeforeMs === other.notBeforeMs && one.maxAttempts === other.maxAttempts
}

/** Soon at first, then ever less often. */
function patienceMs(row: OwedRow, nowMs: number): number {
  return Math.min(30_000, Math.max(200, (nowMs - row.owedMs) / 2))
}
