import type { Json } from '#server/lib/json.ts'

export type TaskState = 'waiting' | 'delayed' | 'running' | 'done' | 'parked' | 'cancelled'

export const taskStates: readonly TaskState[] = ['waiting', 'delayed', 'running', 'done', 'parked', 'cancelled']

export type NewTask = {
  /** A name of its own (`newId`): the same one twice is one task, also when that is over long since, as long as its record stands. */
  id?: string
  /** Two tasks of one kind with the same key are one, as long as the first is neither done nor cancelled. */
  key?: string
  payload: Json
  /**
   * Higher goes first; within one priority the older one. 0 unless told; −1,000,000 … 1,000,000. A point is worth a minute of waiting,
   * so that nothing waits for ever behind those who come later.
   */
  priority?: number
  notBeforeMs?: number
  /** How often it may be taken before it is parked; 5. */
  maxAttempts?: number
}

/** What stands after an add: the new task, or the one that stood already under its id or key. */
export type AddedTask = { id: string; state: TaskState; isNew: boolean }

export type Task = {
  id: string
  kind: string
  key: string | undefined
  payload: Json
  priority: number
  state: TaskState
  attempt: number
  maxAttempts: number
  createdMs: number
  notBeforeMs: number
  startedMs: number | undefined
  endedMs: number | undefined
  progress: Json
  /** Why it failed last, or why it is parked. */
  reason: string | undefined
  /** The process that holds it, or held it last. */
  holder: string | undefined
}

export type TaskFilter = {
  state: TaskState
  kind?: string
  /** 50 unless told, 500 at most. */
  limit?: number
  /** `next` of the page before. */
  after?: string
}

/**
 * Tasks that somebody takes, holds by a lease, and finishes. At least once: a task whose holder falls silent is given to another,
 * and the first, coming back late, is refused by its number. A doorbell, not the truth: what must not be lost is owed by a row
 * (server/jobs/rules.md). The numbered rules stand in server/adapters/queue/rules.md.
 */
export interface Queue {
  /** Rejects when the line to the queue is down: then it is unknown whether the task stands. With an id or a key it can be repeated. */
  add(kind: string, task: NewTask): Promise<AddedTask>
  /** Waits until there is one, through broken lines and paused kinds, or until `signal` is aborted or the queue closed (then undefined). */
  take(kinds: readonly string[], options: { leaseMs: number; signal: AbortSignal }): Promise<HeldTask | undefined>
  /** False where it is over or unknown. */
  setPriority(id: string, priority: number): Promise<boolean>
  /** A running one is taken from its holder, whose signal is aborted wherever it runs. False where it is over or unknown. */
  cancel(id: string): Promise<boolean>
  /** Lets a waiting, delayed or parked task go first, now; a parked one with all its attempts. False for any other. */
  runNow(id: string): Promise<boolean>
  find(id: string): Promise<Task | undefined>
  /** The one that is neither done nor cancelled. */
  findByKey(kind: string, key: string): Promise<Task | undefined>
  /** Waiting ones in their order, delayed ones by their moment, running ones by their lease, ended ones latest first. */
  list(filter: TaskFilter): Promise<{ items: Task[]; next: string | undefined }>
  counts(): Promise<Record<string, Record<TaskState, number>>>
  /** Nobody is given one of this kind until `resume`; those that run go on. */
  pause(kind: string): Promise<void>
  resume(kind: string): Promise<void>
  pausedKinds(): Promise<string[]>
  /** At most so many of a kind run at once, over all processes. Undefined lifts it. */
  limitKind(kind: string, concurrency: number | undefined): Promise<void>
  /** Removes the records of tasks done or cancelled that ended before `endedBeforeMs`, but for the newest `keepPerKind` (0). Parked ones stay. */
  sweep(options: { endedBeforeMs: number; keepPerKind?: number }): Promise<number>
  /** Called when tasks may have been lost (the line was down, the store was emptied): whoever is owed one adds it again. Answers the end of it. */
  onLoss(heard: () => void): () => void
  /** Takers are sent away with nothing; what is held stays held until its lease ends. */
  close(): Promise<void>
}

export interface HeldTask {
  readonly task: Task
  /** Grows with every taking, also from one task to the next with the same key, and over a loss of the store. */
  readonly fence: number
  /** Aborted when the task is cancelled or the lease is lost, or must be feared to be: whoever works on it stops. */
  readonly signal: AbortSignal
  /** Renews the lease. False when it is no longer ours. While the line is down it waits, at the longest until the lease ends. */
  beat(progress?: Json): Promise<boolean>
  /** The four below answer false when the task is no longer ours: then nothing was changed. */
  done(progress?: Json): Promise<boolean>
  /** Back to the queue after `delayMs`; parked when `park` is set or its attempts are used up. */
  fail(reason: string, options: { delayMs: number; park: boolean }): Promise<boolean>
  /** Given back as if it had never been taken: the attempt does not count. */
  release(): Promise<boolean>
}
