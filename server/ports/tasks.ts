import type { Json } from '#server/lib/json.ts'
import type { AddedTask, NewTask, Task } from './queue.ts'

/** What producers may ask of the queue: kinds are known and their payloads checked. */
export interface Tasks {
  /**
   * A ring, for what can be found again: it may be lost with the queue's store. What must not be lost is owed instead, in the transaction
   * that makes it necessary (`owe`, server/database/outbox.ts).
   */
  add(kind: string, payload: Json, options?: Omit<NewTask, 'payload'>): Promise<AddedTask>
  setPriority(id: string, priority: number): Promise<boolean>
  /** Also what a row owes: it is owed no more. */
  cancel(id: string): Promise<boolean>
  find(id: string): Promise<Task | undefined>
  findByKey(kind: string, key: string): Promise<Task | undefined>
}
