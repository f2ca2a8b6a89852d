import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { HeldTask, Queue } from '#server/ports/queue.ts'
import type { Ending, TaskListener } from './listener.ts'
import type { Registry } from './registry.ts'
import { defaultLeaseMs, Run } from './run.ts'
import type { TaskKind } from './task-kind.ts'

export type RunnerParts = {
  registry: Registry
  /** Kinds of these roles are run here. */
  roles: readonly TaskKind['role'][]
  queue: Queue
  clock: Clock
  log: Log
  listeners?: readonly TaskListener[]
}

export type Runner = AsyncDisposable & {
  /** Runs under way, by kind. */
  running(): Record<string, number>
  /** Takes nothing more at once, waits `patienceMs` for what runs, then tells it to stop; what stops is given back uncounted. */
  drain(options?: { patienceMs?: number }): Promise<void>
}

/** Takes tasks by the free places of each kind, and runs them. */
export function createRunner(parts: RunnerParts): Runner {
  const kinds = parts.registry.list().filter((kind) => parts.roles.includes(kind.role))
  const stop = new AbortController()
  const runs = new Set<Run>()
  const limits = kinds.map((kind) => setLimit(kind))
  const places = kinds.flatMap((kind) => Array.from({ length: kind.concurrency }, () => keepPlace(kind)))

  /** The one loop of a place: it ends with the process. */
  async function keepPlace(kind: TaskKind): Promise<void> {
    const leaseMs = kind.leaseMs ?? defaultLeaseMs
    while (!stop.signal.aborted) {
      const held = await parts.queue.take([kind.name], { leaseMs, signal: stop.signal })
      if (held) await runOne(kind, held)
    }
  }

  async function runOne(kind: TaskKind, held: HeldTask): Promise<void> {
    const run = new Run(held, kind, parts.clock)
    runs.add(run)
    const beganMs = parts.clock.monotonicMs()
    let ending: Ending
    try {
      await tell((listener) => listener.started?.(held.task))
      ending = await run.end(parts.registry.complaint(kind, held.task.payload))
    } catch (error) {
      // The queue could not be told how it ended: the lease runs out, and somebody does it again.
      parts.log.error('tasks.end_lost', { kind: kind.name, task: held.task.id, error })
      ending = { how: 'lost' }
    } finally {
      runs.delete(run)
    }
    const tookMs = parts.clock.monotonicMs() - beganMs
    logEnding(parts.log, held, ending, tookMs)
    await tell((listener) => listener.ended?.(held.task, ending, tookMs))
  }

  async function tell(say: (listener: TaskListener) => void | Promise<void>): Promise<void> {
    for (const listener of parts.listeners ?? []) {
      try {
        await say(listener)
      } catch (error) {
        parts.log.error('tasks.listener_failed', { error })
      }
    }
  }

  /** [J6] What the code says holds, also where it says nothing any more. */
  async function setLimit(kind: TaskKind): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        return await parts.queue.limitKind(kind.name, kind.overAll)
      } catch (error) {
        parts.log.warn('tasks.limit_unset', { kind: kind.name, error })
        await parts.clock.wait(1000, stop.signal).catch(() => {})
      }
    }
  }

  async function drain({ patienceMs = 5000 } = {}): Promise<void> {
    stop.abort()
    const ended = Promise.all([...places, ...limits])
    const tooLate = parts.clock.after(patienceMs, () => {
      for (const run of runs) run.stop()
    })
    await ended
    tooLate.cancel()
  }

  return {
    running() {
      const counts: Record<string, number> = {}
      for (const { held } of runs) counts[held.task.kind] = (counts[held.task.kind] ?? 0) + 1
      return counts
    },
    drain,
    [Symbol.asyncDispose]: () => drain(),
  }
}

function logEnding(log: Log, { task }: HeldTask, ending: Ending, tookMs: number): void {
  const fields = { kind: task.kind, task: task.id, attempt: task.attempt, tookMs: Math.round(tookMs), ...ending }
  if (ending.how === 'parked') log.error('tasks.parked', fields)
  else if (ending.how === 'retry' || ending.how === 'lost') log.warn(`tasks.${ending.how}`, fields)
  else log.debug(`tasks.${ending.how}`, fields)
}
