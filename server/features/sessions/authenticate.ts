import { Problem } from '#server/lib/problem.ts'
import type { Person, Stranger } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Held, HeldSessions } from './held.ts'
import { type Tokens, tokenHash } from './token.ts'
import type { Uses } from './uses.ts'
import type { DoubtWatch } from './watch.ts'

/** What a request or a socket shows, and who would have sent it without that. */
export type Shown = { token: string; via: 'cookie' | 'bearer'; stranger: Stranger }

export type SessionSettings = { sessionLifeMs: number; requireSecondFactor: 'nobody' | 'admins' | 'everybody' }

/**
 * The login check: is the token ours, does its session hold, is its person active; then the session's life is extended.
 * Answers at once, without a promise, for a session that is held and fresh: nearly always. A bad token is a Problem
 * (`unauthenticated`; `unavailable` where nobody can be asked), never a stranger.
 */
export type Authenticate = (shown: Shown) => Person | Problem | Promise<Person | Problem>

export function createAuthenticate(parts: {
  held: HeldSessions
  tokens: Tokens
  watch: Pick<DoubtWatch, 'isFresh' | 'check'>
  uses: Uses
  clock: Clock
  settings: () => SessionSettings
  /** Reads the session from the database, where `hash` holds for it. */
  load(sessionId: string, hash: string): Promise<Held | undefined>
}): Authenticate {
  const { held, tokens, watch, uses, clock, settings } = parts
  const loading = new Map<string, Promise<Held | undefined>>()

  const admit = (session: Held, shown: Shown, nowMs: number): Person => {
    const { sessionLifeMs, requireSecondFactor } = settings()
    uses.note(session, { nowMs, address: shown.stranger.address, lifeMs: sessionLifeMs })
    return toPerson(session, shown, requireSecondFactor)
  }

  const loadOnce = (hash: string, token: string): Promise<Held | undefined> => {
    const running = loading.get(hash)
    if (running) return running
    const started = load(hash, token).finally(() => loading.delete(hash))
    loading.set(hash, started)
    return started
  }

  const load = async (hash: string, token: string): Promise<Held | undefined> => {
    const sessionId = await tokens.verify(token, clock.now())
    if (sessionId === undefined) return undefined
    const before = held.doubts
    const session = await parts.load(sessionId, hash)
    // Something was doubted while we read: what we hold would perhaps never be doubted again.
    if (session && held.doubts === before) held.keep(session)
    return session
  }

  const slowly = async (hash: string, shown: Shown): Promise<Person | Problem> => {
    const unknown = watch.isFresh() ? undefined : await watch.check()
    if (unknown) return unknown
    const nowMs = clock.now()
    const known = held.find(hash)
    if (known && isLive(known, nowMs)) return admit(known, shown, nowMs)
    if (known) held.drop(known)
    const session = await loadOnce(hash, shown.token)
    return session ? admit(session, shown, nowMs) : new Problem('unauthenticated', 'session.invalid')
  }

  return (shown) => {
    const hash = tokenHash(shown.token)
    const known = held.find(hash)
    const nowMs = clock.now()
    if (known && isLive(known, nowMs) && watch.isFresh()) return admit(known, shown, nowMs)
    return slowly(hash, shown)
  }
}

/** Expiry is looked at on every use. Another process may have let it slide further, so a dead one is read again. */
function isLive({ expiresMs, replacedMs }: Held, nowMs: number): boolean {
  return nowMs < expiresMs && (replacedMs === undefined || nowMs < replacedMs)
}

export function toPerson(session: Held, shown: Omit<Shown, 'token'>, demand: SessionSettings['requireSecondFactor']): Person {
  const person: Person = {
    kind: 'person',
    accountId: session.accountId,
    username: session.username,
    role: session.role,
    sessionId: session.sessionId,
    via: shown.via,
    language: session.language ?? shown.stranger.language,
    timeZone: session.timeZone ?? 'UTC',
    address: shown.stranger.address,
  }
  if (
    session.hasSecondFactor ||
    demand === 'nobody' ||
    (demand === 'admins' && (session.role === 'member' || session.role === 'moderator'))
  )
    return person
  return { ...person, role: 'member', needsSecondFactor: true }
}
