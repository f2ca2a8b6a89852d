import { type Route, route } from '#server/http/route.ts'
import {
  AdminChoresAnswer,
  AdminTaskKindsAnswer,
  AdminTasksAnswer,
  AdminTasksQuery,
  ChoreParams,
  TaskKindParams,
  TaskParams,
  TaskPriorityBody,
} from '#shared/api/admin.ts'
import type { AdminService } from './service.ts'

const area = 'Admin'
const see = { action: 'tasks.see' }
const manage = { action: 'tasks.manage' }
const done = { 204: null } as const

export function taskRoutes({ tasks }: AdminService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/admin/tasks',
      area,
      summary: 'Tasks: first what needs a person, then what is under way, what waits, what is over.',
      access: see,
      query: AdminTasksQuery,
      answers: { 200: AdminTasksAnswer },
      handle: async ({ viewer, query }) => ({ status: 200, body: await tasks.list(viewer, query) }),
    }),
    route({
      method: 'GET',
      path: '/admin/task-kinds',
      area,
      summary: 'Kinds of tasks, with how many there are in each state.',
      access: see,
      answers: { 200: AdminTaskKindsAnswer },
      handle: async ({ viewer }) => ({ status: 200, body: { items: await tasks.kinds(viewer) } }),
    }),
    route({
      method: 'GET',
      path: '/admin/chores',
      area,
      summary: 'What is done by the calendar, when next, and how it went last.',
      access: see,
      answers: { 200: AdminChoresAnswer },
      handle: async ({ viewer }) => ({ status: 200, body: { items: await tasks.chores(viewer) } }),
    }),
    ...taskDeeds(tasks),
    ...kindDeeds(tasks),
  ]
}

function taskDeeds(tasks: AdminService['tasks']): Route[] {
  return [
    route({
      method: 'POST',
      path: '/admin/tasks/:id/run',
      area,
      summary: 'Let a task that waits, is delayed or parked go first, now.',
      access: manage,
      params: TaskParams,
      answers: done,
      async handle({ viewer, params: { id } }) {
        await tasks.runNow(viewer, id)
        return { status: 204 }
      },
    }),
    route({
      method: 'DELETE',
      path: '/admin/tasks/:id',
      area,
      summary: 'Cancel a task.',
      access: manage,
      params: TaskParams,
      answers: done,
      async handle({ viewer, params: { id } }) {
        await tasks.cancel(viewer, id)
        return { status: 204 }
      },
    }),
    route({
      method: 'PUT',
      path: '/admin/tasks/:id/priority',
      area,
      summary: 'Change a task’s priority: higher goes first.',
      access: manage,
      params: TaskParams,
      body: TaskPriorityBody,
      answers: done,
      async handle({ viewer, params: { id }, body }) {
        await tasks.setPriority(viewer, id, body.priority)
        return { status: 204 }
      },
    }),
  ]
}

function kindDeeds(tasks: AdminService['tasks']): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/admin/task-kinds/:kind/pause',
      area,
      summary: 'Pause a kind: those under way end, no new one begins.',
      access: manage,
      params: TaskKindParams,
      answers: done,
      async handle({ viewer, params: { kind } }) {
        await tasks.pause(viewer, kind)
        return { status: 204 }
      },
    }),
    route({
      method: 'DELETE',
      path: '/admin/task-kinds/:kind/pause',
      area,
      summary: 'Let a paused kind go on.',
      access: manage,
      params: TaskKindParams,
      answers: done,
      async handle({ viewer, params: { kind } }) {
        await tasks.resume(viewer, kind)
        return { status: 204 }
      },
    }),
    route({
      method: 'POST',
      path: '/admin/chores/:name/run',
      area,
      summary: 'Do it now, besides the calendar. Refused (409) while it runs.',
      access: manage,
      params: ChoreParams,
      answers: done,
      async handle({ viewer, params: { name } }) {
        await tasks.runChore(viewer, name)
        return { status: 204 }
      },
    }),
  ]
}
