import { createHash, timingSafeEqual } from 'node:crypto'
import { refuse } from './refusal.ts'
import type { TaskRow } from './store.ts'

/** Does what nobody waits for. */
export type Aside = (work: (signal: AbortSignal) => Promise<void>) => void
/** Whoever decides who may upload what, as the configuration describes it. */
export type BusinessServer = {
  readonly name: string
  readonly token: string
  readonly notifyUrl: string
  readonly roots: readonly string[]
  readonly maxFileSize: number
  readonly quota: number
  readonly blockLimit: number
  readonly idleDays: number
  readonly instant: boolean
  readonly md5: 'required' | 'late'
  /** Bytes of a task were counted. Told with each block; nobody waits. */
  grew?(row: TaskRow): void
  /** Hears of every change of a task, as soon as it is durable. Not waited for; what it does aside ends with the house. */
  changed?(row: TaskRow, more: { before: TaskRow; aside: Aside }): void
  /** Instead of a call over HTTP: of our own library. May be called twice; what it throws is tried again. */
  hear?(row: TaskRow, signal: AbortSignal): Promise<void>
}

/** upload-protocol, "Auth": constant time; every server is compared, whichever it is. */
export function serverOfToken(servers: readonly BusinessServer[], token: unknown): BusinessServer {
  const shown = digest(typeof token === 'string' ? token : '')
  let found: BusinessServer | undefined
  for (const server of servers) if (timingSafeEqual(digest(server.token), shown)) found = server
  return found ?? refuse('token', 'The token is wrong or missing: it must be the one in the configuration of the upload component.')
}

const digest = (text: string) => createHash('sha256').update(text).digest()
