import type { Json } from '#server/lib/json.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Admin } from '../admin/index.ts'
import type { Statement } from './library-store.ts'
import type { VideoRow } from './store.ts'

export type Logged = ReturnType<typeof createLogged>

/** What is done to the film of somebody else stands in the log of the house, written in the commit of the deed. */
export function createLogged(audit: Pick<Admin['audit'], 'entry'>) {
  return (viewer: Viewer, row: Pick<VideoRow, 'id' | 'owner_id' | 'title'>, action: string, details: { [name: string]: Json } = {}) => {
    if (viewer.kind === 'person' && viewer.accountId === row.owner_id) return []
    const entry: Statement = audit.entry(viewer, { action, subject: { kind: 'video', id: row.id, name: row.title }, details })
    return [entry]
  }
}
