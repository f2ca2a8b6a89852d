import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import { noticeKinds } from '#shared/api/notices.ts'
import type { NoticeService } from './service.ts'
import { mailKind } from './store.ts'
import { tellKind } from './told.ts'

export const closedKind = 'notices.closed'
const sweepKind = 'notices.sweep'
export const filmsKind = 'notices.films'
const strict = { additionalProperties: false }
const Name = Type.Union([Type.String(), Type.Null()])
const account = Type.Object({ accountId: Type.String() }, strict)
const Told = Type.Object(
  {
    ...{ kind: Type.Enum([...noticeKinds]), to: Type.Array(Type.String()), origin: Type.String(), group: Type.String() },
    ...{ byId: Name, videoId: Name, commentId: Name, text: Type.String() },
  },
  strict,
)

export function noticeJobs(
  service: NoticeService,
  newFilms: (signal: AbortSignal) => Promise<void>,
): { kinds: TaskKind[]; recurring: Recurring[] } {
  const here = { role: 'scheduler', concurrency: 1, deadlineMs: 600_000 } as const
  return {
    kinds: [
      taskKind({ ...here, name: tellKind, payload: Told, concurrency: 4, deadlineMs: 60_000, run: (told) => service.tell(told) }),
      taskKind({ ...here, name: mailKind, payload: account, deadlineMs: 60_000, run: ({ accountId }) => service.mail(accountId) }),
      taskKind({ ...here, name: closedKind, payload: account, run: ({ accountId }) => service.removeAllOf(accountId) }),
      taskKind({ ...here, name: sweepKind, payload: Type.Object({}, strict), overAll: 1, run: (_, { signal }) => service.sweep(signal) }),
      taskKind({ ...here, name: filmsKind, payload: Type.Object({}, strict), overAll: 1, run: (_, { signal }) => newFilms(signal) }),
    ],
    recurring: [
      { name: sweepKind, cron: '41 4 * * *', task: { kind: sweepKind, payload: {} } },
      { name: filmsKind, cron: '* * * * *', task: { kind: filmsKind, payload: {} } },
    ],
  }
}
