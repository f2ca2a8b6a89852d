import { Type } from 'typebox'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { createJobs } from '#server/jobs/jobs.ts'
import type { TaskListener } from '#server/jobs/listener.ts'
import { type Recurring, type TaskContext, type TaskKind, type TaskKindDeclaration, taskKind } from '#server/jobs/task-kind.ts'
import { createCapturedLog } from './captured-log.ts'
import type { JobsGround } from './jobs-ground.ts'

type Declared = {
  kinds?: readonly TaskKind[]
  recurring?: readonly Recurring[]
  roles?: readonly TaskKind['role'][]
  listeners?: readonly TaskListener[]
}

export type JobsProcess = Awaited<ReturnType<typeof startJobs>>

/** As a process would have it that runs these kinds. */
export async function startJobs(ground: JobsGround, declared: Declared) {
  const log = createCapturedLog()
  const queue = await ground.openQueue()
  const jobs = createJobs({ db: ground.db, queue, clock: systemClock, log, timeZone: () => 'UTC' })
  jobs.declare(declared)
  const started = jobs.start({ roles: declared.roles ?? ['scheduler', 'worker'], listeners: declared.listeners ?? [] })
  let isEnded = false
  const end = async (patienceMs = 50) => {
    if (isEnded) return
    isEnded = true
    await started.drain({ patienceMs })
    await queue[Symbol.asyncDispose]()
  }
  return { ...jobs, ...started, queue, log, end, [Symbol.asyncDispose]: () => end() }
}

let names = 0

/** A kind whose payload is a number. */
export function numberKind(
  run: (n: number, context: TaskContext) => Promise<void>,
  more: Partial<TaskKindDeclaration<unknown>> = {},
): TaskKind {
  const payload = Type.Object({ n: Type.Integer() })
  return taskKind({
    name: `test.kind-${++names}`,
    payload,
    role: 'worker',
    concurrency: 2,
    deadlineMs: 300_000,
    retry: { firstMs: 1, mostMs: 4 },
    ...more,
    run: ({ n }: { n: number }, context: TaskContext) => run(n, context),
  } as TaskKindDeclaration<typeof payload>)
}
