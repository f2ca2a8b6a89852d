import type { Static, TSchema } from 'typebox'
import type { Json } from '#server/lib/json.ts'

export type TaskContext = {
  /** Aborted when the task is cancelled, its lease is lost, its deadline has passed, or the process ends. */
  signal: AbortSignal
  taskId: string
  attempt: number
  /** Grows with every taking: whatever the task writes must refuse a lower one. */
  fence: number
  /** Seen by others within about a second. */
  progress(progress: Json): void
}

/** A kind of task: what it carries, how many at once, how long, how often, and what it does. Every run may happen twice. */
export type TaskKindDeclaration<P> = {
  /** `feature.verb`, 64 characters at most. */
  name: string
  payload: P
  /** Which role's processes run it. */
  role: 'worker' | 'scheduler'
  /** At once in one process; `overAll`: at once in all of them. */
  concurrency: number
  overAll?: number
  /** A holder that has been silent for so long has lost it; 30 s. Renewed three times as often. */
  leaseMs?: number
  /** After so long a run is stopped, and counts as failed. */
  deadlineMs: number
  /** Taken so often it is parked; 5. */
  maxAttempts?: number
  /** How long a failed one waits: doubling, half of it by chance. 2 s to 10 minutes. */
  retry?: { firstMs: number; mostMs: number }
  run(payload: P extends TSchema ? Static<P> : never, context: TaskContext): Promise<void>
}

// oxlint-disable-next-line typescript/no-explicit-any -- kinds of all shapes stand in one table
export type TaskKind = TaskKindDeclaration<any>

export function taskKind<P extends TSchema>(declaration: TaskKindDeclaration<P>): TaskKind {
  return declaration
}

/** A chore by the calendar: one run a slot, however many processes there are. */
export type Recurring = { name: string; cron: string; timeZone?: string; task: { kind: string; payload: Json } }
