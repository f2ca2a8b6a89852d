import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Page } from '#shared/api/common.ts'
import type { SessionView } from '#shared/api/sessions.ts'
import { createAuthenticate, type SessionSettings } from './authenticate.ts'
import { type Device, deviceOf, nameOfDevice } from './device.ts'
import { type Doubt, HeldSessions } from './held.ts'
import { createReader } from './read.ts'
import { createRecall } from './recall.ts'
import type { SessionRow, SessionStore } from './store.ts'
import { createTokens, tokenHash } from './token.ts'
import { gatherUses } from './uses.ts'
import { toSessionView } from './view.ts'
import { watchDoubts } from './watch.ts'

export type SessionParts = {
  store: SessionStore
  bus: Bus
  clock: Clock
  log: Log
  newId: () => string
  /** Signs tokens: the same in every process. */
  key: Uint8Array
  settings: () => SessionSettings
}

/** What ended: one session, all of an account, or all but one. */
export type Ended = { accountId: string; sessionId: string | null; keptId: string | null }

export type NewToken = { token: string; expiresMs: number; lastsMs: number }

const longestMs = 365 * 86_400_000
const mostPerAccount = 100
const rotateAfterMs = 86_400_000
const warmCount = 20_000
const doubtsKeptMs = 86_400_000

export type SessionService = Awaited<ReturnType<typeof openSessionService>>

export async function openSessionService(parts: SessionParts) {
  const { store, bus, clock, log, newId, settings } = parts
  const tokens = createTokens(parts.key)
  const held = new HeldSessions()
  const listeners = new Set<(ended: Ended) => void>()
  const doubters = new Set<(doubt: Doubt | 'everything') => void>()

  const heard = (doubt: Doubt) => {
    held.doubt(doubt)
    if (doubt.ended) for (const listener of listeners) listener(doubt)
    for (const doubter of doubters) doubter(doubt)
  }
  const lost = () => {
    held.clear()
    for (const doubter of doubters) doubter('everything')
  }
  const isAwaited = () => listeners.size + doubters.size > 0
  // The number of the newest doubt is read before the sessions are: what ends between the two is heard after.
  const watch = await watchDoubts({ store, bus, clock, log, heard, isAwaited, lost })
  const uses = gatherUses({ store, clock, log })

  const end = async (what: Ended): Promise<number> => {
    const nowMs = clock.now()
    const doubt = { ...what, ended: true }
    const outcomes = await store.commit([...store.doubtStatements(doubt, nowMs), store.deleteStatement(what)])
    await watch.tell(doubt)
    return outcomes.at(-1)?.rows ?? 0
  }

  const reader = createReader({
    store,
    clock,
    tell: watch.tell,
    onStolen: async ({ accountId, sessionId }) => {
      log.warn('session.token_reused', { accountId, sessionId })
      await end({ accountId, sessionId, keptId: null })
    },
  })
  for (const row of await store.listLive(clock.now(), warmCount)) held.keep(reader.toHeld(row, row.token_hash))

  /** A session in the making: its statements join the commit of whoever lets the person in. */
  const draft = async (accountId: string, from: { userAgent: string | undefined; address: string }) => {
    const nowMs = clock.now()
    const id = newId()
    const endsMs = nowMs + longestMs
    const expiresMs = Math.min(nowMs + settings().sessionLifeMs, endsMs)
    const token = await tokens.mint({ id, endsMs })
    const device: Device = deviceOf(from.userAgent, from.address)
    return {
      id,
      token,
      deviceName: nameOfDevice(device),
      expiresMs,
      endsMs,
      lastsMs: endsMs - nowMs,
      statements: [store.insertStatement({ id, accountId, token, device, nowMs, expiresMs, endsMs })],
    }
  }

  const rowOf = async (viewer: Viewer) => store.find(personOf(viewer).sessionId)

  const offerNext = async (row: SessionRow): Promise<NewToken | undefined> => {
    const nowMs = clock.now()
    const token = await tokens.mint({ id: row.id, endsMs: row.ends_ms })
    const isOurs = await store.offerNext(row.id, { from: row.token_hash, next: tokenHash(token), nowMs })
    return isOurs ? { token, expiresMs: row.expires_ms, lastsMs: row.ends_ms - nowMs } : undefined
  }

  return {
    authenticate: createAuthenticate({ held, tokens, watch, uses, clock, settings, load: reader.load }),
    recall: createRecall({ store, uses, clock, settings, toHeld: reader.toHeld }),
    draft,

    /** Statements that end sessions, or only make every process read them again, with the commit they belong to. Call `tell` after it. */
    doubtStatements: (doubt: Doubt) => [
      ...store.doubtStatements(doubt, clock.now()),
      ...(doubt.ended ? [store.deleteStatement(doubt)] : []),
    ],
    tell: watch.tell,

    /** For whoever is let in: the oldest sessions make room when there are too many. */
    async trim(accountId: string): Promise<void> {
      const ids = await store.idsOf(accountId)
      for (const { id } of ids.slice(mostPerAccount)) await end({ accountId, sessionId: id, keptId: null })
    },

    async list(viewer: Viewer): Promise<Page<SessionView>> {
      const { accountId, sessionId } = personOf(viewer)
      await uses.flush()
      const rows = await store.listOf(accountId, clock.now())
      return { items: rows.map((row) => toSessionView(row, sessionId)), nextCursor: null }
    },

    async endOne(viewer: Viewer, sessionId: string): Promise<void> {
      const { accountId } = personOf(viewer)
      if ((await end({ accountId, sessionId, keptId: null })) === 0) throw new Problem('not_found', 'session.not_found')
    },

    async logOut(viewer: Viewer): Promise<void> {
      const { accountId, sessionId } = personOf(viewer)
      await end({ accountId, sessionId, keptId: null })
    },

    async endOthers(viewer: Viewer): Promise<void> {
      const { accountId, sessionId } = personOf(viewer)
      await end({ accountId, sessionId: null, keptId: sessionId })
    },

    endAllOf: (accountId: string) => end({ accountId, sessionId: null, keptId: null }),

    /** [S6] A new token for the session that is shown; undefined while the present one is young. */
    async rotate(viewer: Viewer): Promise<NewToken | undefined> {
      const { accountId, sessionId } = personOf(viewer)
      const known = held.findById(accountId, sessionId)
      // A token only gets younger: where the one that is held is young, nobody has to be asked.
      if (known && clock.now() - known.rotatedMs < rotateAfterMs) return undefined
      const row = await rowOf(viewer)
      return row && clock.now() - row.rotated_ms >= rotateAfterMs ? offerNext(row) : undefined
    },

    /** The same, asked for. */
    async renew(viewer: Viewer): Promise<NewToken> {
      const row = await rowOf(viewer)
      const offered = row && (await offerNext(row))
      if (!offered) throw new Problem('conflict', 'session.rotated')
      return offered
    },

    /** Whoever holds sockets open hears within a second what must be closed. */
    onEnded(listener: (ended: Ended) => void): { end(): void } {
      listeners.add(listener)
      void watch.check()
      return { end: () => void listeners.delete(listener) }
    },

    /** The same for all that may have changed about a session or its person: what was recalled before must be recalled again. */
    onDoubt(doubter: (doubt: Doubt | 'everything') => void): { end(): void } {
      doubters.add(doubter)
      void watch.check()
      return { end: () => void doubters.delete(doubter) }
    },

    async sweep(signal?: AbortSignal): Promise<void> {
      const nowMs = clock.now()
      while (await store.sweep({ nowMs, doubtsBeforeMs: nowMs - doubtsKeptMs })) signal?.throwIfAborted()
    },

    figures: () => ({ held: held.size }),

    async [Symbol.asyncDispose]() {
      await watch[Symbol.asyncDispose]()
      await uses[Symbol.asyncDispose]()
    },
  }
}

function personOf(viewer: Viewer): Person {
  if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
  return viewer
}
