import { createHash, randomInt } from 'node:crypto'
import type { Clock } from '#server/ports/clock.ts'
import { parseByteCount } from './block-range.ts'
import { type BusinessServer, serverOfToken } from './business.ts'
import { dropAside, findPlace, freeBytes, isTaken, makeAside, type Place, type Reserve, targetOf } from './places.ts'
import { refuse } from './refusal.ts'
import type { TaskRow, UploadStore } from './store.ts'
import { openedTask } from './task-state.ts'
import { toColumns } from './tasks.ts'

export type OpenParts = {
  store: UploadStore
  clock: Clock
  business: () => readonly BusinessServer[]
  reserve: Reserve
  finish(id: number): void
}
export type Asked = Record<string, unknown>
/** What no business server asks for: of clients of tus. */
export type Manner = { kind: 'part' } | { parts: readonly TaskRow[]; tus?: string } | { tus?: string }
type Wanted = { server: BusinessServer; userId: string; size: number; md5: string | null; place: Place; sameKey: string }

export function createOpening(parts: OpenParts): (asked: Asked, manner?: Manner) => Promise<TaskRow> {
  // One opening after the other: a quota is kept though a hundred openings come at once.
  let last: Promise<unknown> = Promise.resolve()
  return (asked, manner = {}) => {
    const opening = last.then(() => open(parts, asked, manner))
    last = opening.catch(() => {})
    return opening
  }
}

async function open(parts: OpenParts, asked: Asked, manner: Manner): Promise<TaskRow> {
  const { store } = parts
  const wanted = await check(parts, asked)
  // upload-protocol, "A second new/task": with a fileMd5, the same unfinished file is the same task.
  const same = wanted.md5 === null ? undefined : await store.findSame(wanted.sameKey)
  if (same) return same
  const { server, userId, size, md5, place, sameKey } = wanted
  if (await isTaken(targetOf(place))) refuse('path', 'Another file lies at storePath under this fileName already.')
  const joined = 'parts' in manner ? manner.parts : []
  // What it is made of is counted already, and goes when it is made.
  const used = (await store.bytesOf(server.name, userId)) - joined.reduce((sum, part) => sum + part.size, 0)
  if (used + size > server.quota)
    refuse('size', `The user's quota is ${server.quota} bytes, of which ${used} are used; this file has ${size}.`)
  // upload-protocol, "Same file, known already": only what this business server has stored itself.
  const known = server.instant && md5 !== null ? await store.findStored(server.name, md5, { size }) : undefined
  const id = randomInt(2 ** 32, 2 ** 47)
  const room = async () => (await freeBytes(place.root, parts.reserve)) - (await store.bytesAwaited(place.root))
  await makeAside(place.root, id, { size, room })
  const nowMs = parts.clock.now()
  const row: TaskRow = {
    ...emptyRow,
    ...toColumns(known || joined.length > 0 ? { state: 'verifying' } : openedTask(size)),
    id,
    server: server.name,
    user_id: userId,
    root: place.root,
    folder: place.folder,
    file_name: place.fileName,
    size,
    md5,
    parameter: asked.feedBackParameter === undefined ? null : JSON.stringify(asked.feedBackParameter),
    same_key: sameKey,
    known_path: known ? targetOf({ folder: known.folder, fileName: known.file_name }) : null,
    kind: 'kind' in manner ? manner.kind : 'whole',
    parts: joined.length > 0 ? JSON.stringify(joined.map((part) => part.id)) : null,
    tus: 'tus' in manner ? (manner.tus ?? null) : null,
    created_ms: nowMs,
    touched_ms: nowMs,
  }
  await store.add(row)
  await refuseIfOver(parts, { row, quota: server.quota, spared: joined.reduce((sum, part) => sum + part.size, 0) })
  if (row.state === 'verifying') parts.finish(id)
  return row
}

/** Another process may have opened at the same moment. Whoever sees too much takes his own back: perhaps both, but never too much stays. */
async function refuseIfOver({ store }: OpenParts, { row, quota, spared }: { row: TaskRow; quota: number; spared: number }): Promise<void> {
  if (!Number.isFinite(quota) || (await store.bytesOf(row.server, row.user_id)) - spared <= quota) return
  await store.change(row, { state: 'cancelled', why: 'gone' })
  await dropAside(row.root, row.id)
  refuse('size', `The user's quota is ${quota} bytes, and another upload has taken what was left of it.`)
}

async function check({ business }: OpenParts, asked: Asked): Promise<Wanted> {
  const server = serverOfToken(business(), asked.token)
  const { userId } = asked
  if (typeof userId !== 'string' || userId.length > 255) refuse('request', 'userId must be a text of 255 characters at most.')
  const size = parseByteCount(asked.fileSize) ?? refuse('request', 'fileSize must be a whole number of bytes.')
  if (size > server.maxFileSize) refuse('size', `The file has ${size} bytes; this business server takes ${server.maxFileSize} at most.`)
  const md5 = toMd5(asked.fileMd5)
  if (md5 === null && server.md5 === 'required') refuse('request', 'fileMd5 is missing: the MD5 of the whole file, 32 hex digits.')
  const place = await findPlace(server.roots, asked.storePath, asked.fileName)
  const sameKey = createHash('sha256')
    .update(JSON.stringify([server.name, userId, place, size, md5]))
    .digest('hex')
  return { server, userId, size, md5, place, sameKey }
}

export function toMd5(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string' && /^[0-9a-f]{32}$/i.test(value)) return value.toLowerCase()
  return refuse('request', 'An MD5 has 32 hex digits.')
}

const emptyRow = {
  held: '',
  leaving: null,
  sha256: null,
  why: null,
  version: 1,
  callback_code: null,
  callback_text: null,
  callback_due_ms: null,
  callback_since_ms: null,
  callback_tries: 0,
}
