import { Problem } from '#server/lib/problem.ts'
import type { Person } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Language } from '#shared/language.ts'
import type { Held, HeldSessions } from './held.ts'
import { type Tokens, tokenHash } from './token.ts'
import type { Uses } from './uses.ts'
import type { DoubtWatch } from './watch.ts'

/** What a request or a socket shows. `language` is what the browser asks for, where the person has chosen none. */
export type Shown = { token: string; via: 'cookie' | 'bearer'; address: string; language: Language }

export type SessionSettings = { sessionLifeMs: number; requireSecondFactor: 'nobody' | 'admins' | 'everybody' }

/**
 * The login check: is the token ours, does its session hold, is its person active; then the session's life is extended.
 * Answers at once, without a promise, for a session that is held and fresh: nearly always. Throws `unauthenticated`; never takes a bad token for a stranger.
 */
export type Authenticate = (shown: Shown) => Person | Promise<Person>

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
  const loading = new Map<string, Promise<Held>>()

  const admit = (session: Held, shown: Shown, nowMs: number): Person => {
    const { sessionLifeMs, requireSecondFactor } = settings()
    uses.note(session, { nowMs, address: shown.address, lifeMs: sessionLifeMs })
    return toPerson(session, shown, requireSecondFactor)
  }

  const loadOnce = (hash: string, token: string): Promise<Held> => {
    const running = loading.get(hash)
    if (running) return running
    const started = load(hash, token).finally(() => loading.delete(hash))
    loading.set(hash, started)
    return started
  }

  const load = async (hash: string, token: string): Promise<Held> => {
    const sessionId = await tokens.verify(token, clock.now())
    if (sessionId === undefined) throw invalid()
    const before = held.doubts
    const session = await parts.load(sessionId, hash)
    if (!session) throw invalid()
    // Something was doubted while we read: what we hold would perhaps never be doubted again.
    if (held.doubts === before) held.keep(session)
    return session
  }

  const slowly = async (hash: string, shown: Shown): Promise<Person> => {
    if (!watch.isFresh()) await watch.check()
    const nowMs = clock.now()
    const known = held.find(hash)
    if (known && isLive(known, nowMs)) return admit(known, shown, nowMs)
    if (known) held.drop(known)
    return admit(await loadOnce(hash, shown.token), shown, nowMs)
  }

  return (shown) => {
    const hash = tokenHash(shown.token)
    const known = held.find(hash)
    const nowMs = clock.now()
    if (known && isLive(known, nowMs) && watch.isFresh()) return admit(known, shown, nowMs)
    return slowly(hash, shown)
  }
}

const invalid = () => new Problem('unauthenticated', 'session.invalid')

/** Expiry is looked at on every use. Another process may have let it slide further, so a dead one is read again. */
function isLive({ expiresMs, replacedMs }: Held, nowMs: number): boolean {
  return nowMs < expiresMs && (replacedMs === undefined || nowMs < replacedMs)
}

function toPerson(session: Held, shown: Shown, demand: SessionSettings['requireSecondFactor']): Person {
  const person: Person = {
    kind: 'person',
    accountId: session.accountId,
    username: session.username,
    role: session.role,
    sessionId: session.sessionId,
    via: shown.via,
    language: session.language ?? shown.language,
    timeZone: session.timeZone ?? 'UTC',
    address: shown.address,
  }
  if (
    session.hasSecondFactor ||
    demand === 'nobody' ||
    (demand === 'admins' && (session.role === 'member' || session.role === 'moderator'))
  )
    return person
  return { ...person, role: 'member', needsSecondFactor: true }
}
