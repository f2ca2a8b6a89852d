import { Problem } from '#server/lib/problem.ts'
import { type Queue, type Task, type TaskFilter, type TaskState, taskStates } from '#server/ports/queue.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { Registry } from './registry.ts'
import type { ChoreView, Timers } from './timers.ts'

export type KindView = {
  kind: string
  isPaused: boolean
  /** At once in all processes, where there is a limit. */
  overAll: number | undefined
  counts: Record<TaskState, number>
}

/** What admins see of tasks, and what they may do about them. Who may is asked before. */
export type TaskOverview = {
  kinds(): Promise<KindView[]>
  /** Without a state: first what needs a person, then what is under way, then what waits, then what is over. */
  list(filter: Omit<TaskFilter, 'state'> & { state?: TaskState }): Promise<{ items: Task[]; next: string | undefined }>
  get(id: string): Promise<Task>
  runNow(id: string): Promise<void>
  cancel(id: string): Promise<void>
  setPriority(id: string, priority: number): Promise<void>
  pause(kind: string): Promise<void>
  resume(kind: string): Promise<void>
  chores(): Promise<ChoreView[]>
  runChore(name: string): Promise<void>
}

const walk: readonly TaskState[] = ['parked', 'running', 'waiting', 'delayed', 'cancelled', 'done']

export function createTaskOverview(parts: { queue: Queue; tasks: Tasks; registry: Registry; timers: Timers }): TaskOverview {
  const { queue, registry } = parts

  async function list(filter: Omit<TaskFilter, 'state'> & { state?: TaskState }) {
    if (filter.state !== undefined) return queue.list({ ...filter, state: filter.state })
    const limit = filter.limit ?? 50
    const [first = walk[0], after] = splitCursor(filter.after)
    const items: Task[] = []
    for (let place = walk.indexOf(first as TaskState); place < walk.length; place++) {
      const state = walk[place]
      if (state === undefined) break
      const start = state === first && after !== undefined ? { after } : {}
      const page = await queue.list({
        ...(filter.kind === undefined ? {} : { kind: filter.kind }),
        state,
        limit: limit - items.length,
        ...start,
      })
      items.push(...page.items)
      if (page.next !== undefined) return { items, next: `${state}:${page.next}` }
      const next = walk[place + 1]
      if (items.length >= limit && next) return { items, next: `${next}:` }
    }
    return { items, next: undefined }
  }

  async function mustChange(id: string, change: () => Promise<boolean>): Promise<void> {
    if (await change()) return
    if (await queue.find(id)) throw new Problem('conflict', 'tasks.other_state')
    throw new Problem('not_found', 'tasks.not_found')
  }

  function mustKnow(kind: string): string {
    if (!registry.find(kind)) throw new Problem('not_found', 'tasks.no_kind')
    return kind
  }

  return {
    async kinds() {
      const [counts, paused] = await Promise.all([queue.counts(), queue.pausedKinds()])
      const names = new Set([...registry.list().map((kind) => kind.name), ...Object.keys(counts)])
      return [...names].toSorted().map((kind) => ({
        kind,
        isPaused: paused.includes(kind),
        overAll: registry.find(kind)?.overAll,
        counts: counts[kind] ?? noCounts(),
      }))
    },
    list,
    async get(id) {
      const task = await queue.find(id)
      if (!task) throw new Problem('not_found', 'tasks.not_found')
      return task
    },
    runNow: (id) => mustChange(id, () => queue.runNow(id)),
    cancel: (id) => mustChange(id, () => parts.tasks.cancel(id)),
    setPriority: (id, priority) => mustChange(id, () => queue.setPriority(id, priority)),
    pause: async (kind) => queue.pause(mustKnow(kind)),
    resume: async (kind) => queue.resume(mustKnow(kind)),
    chores: () => parts.timers.list(),
    runChore: (name) => parts.timers.runNow(name),
  }
}

function noCounts(): Record<TaskState, number> {
  return Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<TaskState, number>
}

function splitCursor(cursor: string | undefined): [string?, string?] {
  if (cursor === undefined) return []
  const [state = '', after = ''] = cursor.split(':')
  if (!(walk as readonly string[]).includes(state)) throw new Problem('invalid', 'tasks.cursor')
  return after === '' ? [state] : [state, after]
}
