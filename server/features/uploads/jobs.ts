import { closing } from '#server/jobs/closing.ts'
import type { Recurring, TaskKind } from '#server/jobs/task-kind.ts'
import type { UploadService } from './service.ts'
import type { UploadStore } from './store.ts'

export const closedKind = 'uploads.closed'

type Parts = { store: UploadStore; service: Pick<UploadService, 'withdraw'>; server: string }

export function uploadJobs({ store, service, server }: Parts): { kinds: TaskKind[]; recurring: Recurring[] } {
  // What the person was sending ends, and nobody keeps the names of their files. A film that has just arrived is taken in first.
  const closed = closing(closedKind, async (accountId, signal) => {
    for (const { id } of await store.listUnfinished(server, accountId)) await service.withdraw(id)
    signal.throwIfAborted()
    await store.forgetSettled(server, accountId)
    if (await store.hasAny(server, accountId)) throw new Error('some of its files are being taken in: to be tried again')
  })
  return { kinds: [closed], recurring: [] }
}
