import type { Json } from '#server/lib/json.ts'

export type TaskState = 'waiting' | 'delayed' | 'running' | 'done' | 'parked' | 'cancelled'

export type NewTask = {
  /** Two tasks of one kind with the same key are one, as long as the first is neither done nor cancelled. */
  key?: string
  payload: Json
  /** Higher goes first; within one priority the older one. 0 unless told; −1,000,000 … 1,000,000. */
  priority?: number
  notBeforeMs?: number
  maxAttempts?: number
}

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
}

/**
 * Tasks that somebody takes, holds by a lease, and finishes. At least once: a task whose holder falls silent is given to another,
 * and the first, coming back late, is refused by its number. A doorbell, not the truth: what must not be lost is owed by a row (jobs/outbox).
 */
export interface Queue {
  add(kind: string, task: NewTask): Promise<string>
  /** Waits until there is one, the kinds being open, or `signal` is aborted (then undefined). */
  take(kinds: readonly string[], options: { leaseMs: number; signal: AbortSignal }): Promise<HeldTask | undefined>
  setPriority(id: string, priority: number): Promise<boolean>
  cancel(id: string): Promise<boolean>
  /** Lets a waiting, delayed or parked task go first, now. */
  runNow(id: string): Promise<boolean>
  find(id: string): Promise<Task | undefined>
  findByKey(kind: string, key: string): Promise<Task | undefined>
  list(filter: { kind?: string; state?: TaskState; limit?: number; before?: string }): Promise<Task[]>
  counts(): Promise<Record<string, Record<TaskState, number>>>
  pause(kind: string): Promise<void>
  resume(kind: string): Promise<void>
  pausedKinds(): Promise<string[]>
  /** At most so many of a kind run at once, over all processes. Undefined lifts it. */
  limitKind(kind: string, concurrency: number | undefined): Promise<void>
  /** Removes finished tasks that ended before `beforeMs`. */
  sweep(beforeMs: number): Promise<number>
  close(): Promise<void>
}

export interface HeldTask {
  readonly task: Task
  /** Grows with every taking of this task. */
  readonly fence: number
  /** Aborted when the task is cancelled or the lease is lost: whoever works on it stops. */
  readonly signal: AbortSignal
  /** False when the lease is no longer ours. */
  beat(progress?: Json): Promise<boolean>
  done(): Promise<boolean>
  /** Back to the queue after `delayMs`, or parked for good with `park`. */
  fail(reason: string, options: { delayMs: number; park: boolean }): Promise<boolean>
}
