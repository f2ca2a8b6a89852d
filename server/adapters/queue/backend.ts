import type { Json } from '#server/lib/json.ts'
import type { AddedTask, Task, TaskFilter, TaskState } from '#server/ports/queue.ts'

/** What a store of tasks must be able to do. Everything that takes time or waits stands above it, once for all stores. */
export interface Backend {
  /**
   * Orders that met, in this order: ends, beats, adds, takes. Each stands for itself: one that is refused stops no other. Rejects as a
   * whole when the store cannot be reached; then what was done is unknown, and every order but a take may be repeated.
   */
  exchange(orders: Orders): Promise<Answers>
  /** The leases of these kinds, for whoever looks after them. */
  leases(kinds: readonly string[]): Promise<Lease[]>
  setPriority(id: string, priority: number): Promise<boolean>
  /** The kind of what was cancelled. */
  cancel(id: string): Promise<string | undefined>
  /** The kind of what may go now. */
  runNow(id: string): Promise<string | undefined>
  find(id: string): Promise<Task | undefined>
  findByKey(kind: string, key: string): Promise<Task | undefined>
  list(filter: TaskFilter): Promise<{ items: Task[]; next: string | undefined }>
  counts(): Promise<Record<string, Record<TaskState, number>>>
  setPaused(kind: string, paused: boolean): Promise<void>
  pausedKinds(): Promise<string[]>
  limitKind(kind: string, concurrency: number | undefined): Promise<void>
  sweep(options: { endedBeforeMs: number; keepPerKind: number }): Promise<number>
  /** This process has no taker for the kind after all: somebody else may want to know. */
  passOn(kind: string): void
  close(): Promise<void>
}

/** What a store says without being asked. */
export type Ears = {
  /** There may be something to take of this kind. */
  rang(kind: string): void
  /** There may be something of any kind. */
  rangAll(): void
  cancelled(id: string): void
  /** Tasks may have been lost. */
  lost(): void
}

export type Orders = { ends: readonly End[]; beats: readonly Beat[]; adds: readonly Add[]; takes: readonly Take[] }
export type Answers = { ends: readonly boolean[]; beats: readonly boolean[]; adds: readonly AddedTask[]; takes: readonly Taken[] }

export type Add = {
  id: string
  kind: string
  key: string | undefined
  payload: Json
  priority: number
  notBeforeMs: number
  maxAttempts: number
  /** Microseconds since the epoch, different for each task of a process: its age. */
  born: number
}

export type Outcome =
  | { to: 'done'; progress?: Json }
  | { to: 'parked'; reason: string }
  | { to: 'back'; reason: string | undefined; delayMs: number; uncount: boolean }

/** `expiredAt`: only if the lease still ends there, that is, if the holder has not been heard since. */
export type End = { id: string; kind: string; fence: number; expiredAt?: number; outcome: Outcome }

export type Beat = { id: string; kind: string; fence: number; leaseMs: number; progress?: Json }
export type Take = { kind: string; count: number; leaseMs: number }

export type Taken = {
  tasks: readonly TakenTask[]
  /** More wait, but are held back: the kind is paused or its limit reached. */
  isHeldBack: boolean
  /** When the next delayed one is due, if fewer were given than asked for. */
  dueInMs: number | undefined
}

export type TakenTask = { task: Task; fence: number }
/** `isPast`: by the store's clock. */
export type Lease = {
  id: string
  kind: string
  fence: number
  ends: number
  isPast: boolean
  leaseMs: number
  attempt: number
  maxAttempts: number
}

/** The smaller goes first. A point of priority is worth a minute of waiting. */
export function rankOf(born: number, priority: number): number {
  return born - priority * 60_000_000
}
