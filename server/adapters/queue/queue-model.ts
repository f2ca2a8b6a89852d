import type { TaskState } from '#server/ports/queue.ts'
import { rankOf, type Outcome } from './backend.ts'

/** What the rules say a store of tasks must do, in memory and without a clock: the stores are compared with it. */
export type ModelTask = {
  id: string
  key: string | undefined
  state: TaskState
  born: number
  priority: number
  attempt: number
  maxAttempts: number
  fence: number
  /** When it was wished to run now, in the order of the wishes. */
  wish: number | undefined
}

export class QueueModel {
  readonly tasks = new Map<string, ModelTask>()
  #wishes = 0
  #lastFence = 0

  add(task: { id: string; key: string | undefined; born: number; priority: number; maxAttempts: number }): {
    id: string
    state: TaskState
    isNew: boolean
  } {
    const standing = this.tasks.get(task.id) ?? (task.key === undefined ? undefined : this.#live(task.key))
    if (standing) return { id: standing.id, state: standing.state, isNew: false }
    this.tasks.set(task.id, { ...task, state: 'waiting', attempt: 0, fence: 0, wish: undefined })
    return { id: task.id, state: 'waiting', isNew: true }
  }

  /** Which task must be given; the store says by which number. */
  next(): ModelTask | undefined {
    return [...this.tasks.values()].filter((task) => task.state === 'waiting').sort(goesBefore)[0]
  }

  taken(task: ModelTask, fence: number): void {
    if (fence <= this.#lastFence) throw new Error(`fence ${fence} after ${this.#lastFence}`)
    this.#lastFence = fence
    Object.assign(task, { state: 'running', fence, attempt: task.attempt + 1, wish: undefined })
  }

  end(id: string, fence: number, outcome: Outcome): boolean {
    const task = this.tasks.get(id)
    if (task?.fence !== fence || fence === 0) return false
    // A word that is repeated, because its answer was lost, is answered as it was.
    if (outcome.to === 'done' && task.state === 'done') return true
    if (task.state !== 'running') return false
    if (outcome.to === 'back') Object.assign(task, { state: 'waiting', attempt: task.attempt - (outcome.uncount ? 1 : 0) })
    else task.state = outcome.to
    return true
  }

  beat(id: string, fence: number): boolean {
    const task = this.tasks.get(id)
    return task?.state === 'running' && task.fence === fence
  }

  cancel(id: string): boolean {
    const task = this.tasks.get(id)
    if (!task || task.state === 'done' || task.state === 'cancelled') return false
    task.state = 'cancelled'
    return true
  }

  runNow(id: string): boolean {
    const task = this.tasks.get(id)
    if (!task || (task.state !== 'waiting' && task.state !== 'parked')) return false
    Object.assign(task, { state: 'waiting', attempt: task.state === 'parked' ? 0 : task.attempt, wish: ++this.#wishes })
    return true
  }

  setPriority(id: string, priority: number): boolean {
    const task = this.tasks.get(id)
    if (!task || (task.state !== 'waiting' && task.state !== 'running')) return false
    Object.assign(task, { priority, wish: undefined })
    return true
  }

  #live(key: string): ModelTask | undefined {
    return [...this.tasks.values()].find((task) => task.key === key && task.state !== 'done' && task.state !== 'cancelled')
  }
}

function goesBefore(one: ModelTask, other: ModelTask): number {
  if (one.wish !== undefined || other.wish !== undefined) return (one.wish ?? Infinity) - (other.wish ?? Infinity)
  return rankOf(one.born, one.priority) - rankOf(other.born, other.priority) || (one.id < other.id ? -1 : 1)
}
