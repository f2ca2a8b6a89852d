import { Problem } from '#server/lib/problem.ts'
import type { Task, TaskState } from '#server/ports/queue.ts'
import type { AdminChore, AdminTask, AdminTaskKind } from '#shared/api/admin.ts'
import type { Page } from '#shared/api/common.ts'
import { type Actor, allow } from './actor.ts'
import type { Audit } from './audit.ts'
import type { AdminParts } from './parts.ts'
import type { ChoreView, TaskDesk } from './task-desk.ts'
import { momentOf, momentOrNull } from './view.ts'

export function createTaskPages({ tasks, store }: AdminParts, audit: Audit) {
  /** Done first and written down after: what the queue refused was no deed. */
  const deed = async (
    actor: Actor,
    action: string,
    subject: { kind: string; id: string; name: string },
    work: () => Promise<void>,
    details = {},
  ) => {
    allow(actor, 'tasks.manage')
    await work()
    await store.changed([audit.entry(actor, { action, subject, details })])
  }

  const onTask = async (actor: Actor, action: string, id: string, work: (desk: TaskDesk) => Promise<void>, details = {}) => {
    allow(actor, 'tasks.manage')
    const { kind } = await tasks().get(id)
    await deed(actor, action, { kind: 'task', id: id.slice(0, 64), name: kind }, () => work(tasks()), details)
  }

  return {
    async kinds(actor: Actor): Promise<AdminTaskKind[]> {
      allow(actor, 'tasks.see')
      return (await tasks().kinds()).map(({ kind, isPaused, counts }) => ({ kind, isPaused, counts }))
    },

    async list(
      actor: Actor,
      { kind, state, cursor, limit = 30 }: { kind?: string; state?: TaskState; cursor?: string; limit?: number },
    ): Promise<Page<AdminTask>> {
      allow(actor, 'tasks.see')
      const { items, next } = await tasks().list({
        limit,
        ...(kind === undefined ? {} : { kind }),
        ...(state === undefined ? {} : { state }),
        ...(cursor === undefined ? {} : { after: cursor }),
      })
      return { items: items.map(toAdminTask), nextCursor: next ?? null }
    },

    runNow: (actor: Actor, id: string) => onTask(actor, 'task.run_now', id, (desk) => desk.runNow(id)),
    cancel: (actor: Actor, id: string) => onTask(actor, 'task.cancel', id, (desk) => desk.cancel(id)),
    setPriority: (actor: Actor, id: string, priority: number) =>
      onTask(actor, 'task.priority', id, (desk) => desk.setPriority(id, priority), { priority }),
    pause: (actor: Actor, kind: string) =>
      deed(actor, 'tasks.pause', { kind: 'task kind', id: kind, name: kind }, () => tasks().pause(kind)),
    resume: (actor: Actor, kind: string) =>
      deed(actor, 'tasks.resume', { kind: 'task kind', id: kind, name: kind }, () => tasks().resume(kind)),

    async chores(actor: Actor): Promise<AdminChore[]> {
      allow(actor, 'tasks.see')
      return (await tasks().chores()).map(toAdminChore)
    },

    async runChore(actor: Actor, name: string): Promise<void> {
      allow(actor, 'tasks.manage')
      if (!(await tasks().chores()).some((chore) => chore.name === name)) throw new Problem('not_found', 'admin.no_chore')
      await deed(actor, 'chore.run', { kind: 'chore', id: name, name }, () => tasks().runChore(name))
    },
  }
}

function toAdminTask(task: Task): AdminTask {
  const { id, kind, state, priority, attempt, maxAttempts, progress } = task
  return {
    id,
    kind,
    state,
    priority,
    attempt,
    maxAttempts,
    createdAt: momentOf(task.createdMs),
    notBefore: task.state === 'delayed' ? momentOf(task.notBeforeMs) : null,
    startedAt: momentOrNull(task.startedMs),
    endedAt: momentOrNull(task.endedMs),
    progress: typeof progress === 'number' ? progress : null,
    reason: task.reason ?? null,
  }
}

function toAdminChore({ name, cron, timeZone, nextMs, isRunning, last }: ChoreView): AdminChore {
  const durationMs = last?.startedMs !== undefined && last.endedMs !== undefined ? last.endedMs - last.startedMs : null
  return {
    name,
    cron,
    timeZone,
    isRunning,
    nextAt: momentOrNull(nextMs),
    last: last
      ? {
          slotAt: momentOf(last.slotMs),
          result: last.result ?? null,
          endedAt: momentOrNull(last.endedMs),
          durationMs,
          reason: last.reason ?? null,
        }
      : null,
  }
}
