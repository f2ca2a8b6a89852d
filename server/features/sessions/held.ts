import type { Role } from '#server/lib/viewer.ts'
import type { Language } from '#shared/language.ts'

/** A session as this process holds it: enough to answer who asks, without asking anybody. */
export type Held = {
  readonly hash: string
  readonly sessionId: string
  readonly accountId: string
  readonly username: string
  readonly role: Role
  readonly language: Language | null
  readonly timeZone: string | null
  readonly hasSecondFactor: boolean
  /** The last moment of this token, where another has taken its place. */
  readonly replacedMs: number | undefined
  readonly endsMs: number
  /** When its token was made. */
  readonly rotatedMs: number
  expiresMs: number
  usedMs: number
  address: string
}

/** What must be forgotten: one session, or all of an account, or all but one. */
export type Doubt = { accountId: string; sessionId: string | null; keptId: string | null; ended: boolean }

/** Sessions by the hash of their token, and by account. Bounded: the one that came first goes first, and is read again when it is shown. */
export class HeldSessions {
  readonly #most: number
  readonly #byHash = new Map<string, Held>()
  readonly #byAccount = new Map<string, Set<Held>>()
  /** Grows with every doubt: whoever began to read before it must not keep what was read. */
  doubts = 0

  constructor(most = 50_000) {
    this.#most = most
  }

  get size(): number {
    return this.#byHash.size
  }

  find(hash: string): Held | undefined {
    return this.#byHash.get(hash)
  }

  /** By itself, whatever token was shown for it. */
  findById(accountId: string, sessionId: string): Held | undefined {
    for (const held of this.#byAccount.get(accountId) ?? []) if (held.sessionId === sessionId) return held
    return undefined
  }

  keep(held: Held): void {
    const before = this.#byHash.get(held.hash)
    if (before) this.drop(before)
    if (this.#byHash.size >= this.#most) {
      const [oldest] = this.#byHash.values()
      if (oldest) this.drop(oldest)
    }
    this.#byHash.set(held.hash, held)
    const others = this.#byAccount.get(held.accountId)
    if (others) others.add(held)
    else this.#byAccount.set(held.accountId, new Set([held]))
  }

  drop(held: Held): void {
    this.#byHash.delete(held.hash)
    const others = this.#byAccount.get(held.accountId)
    others?.delete(held)
    if (others?.size === 0) this.#byAccount.delete(held.accountId)
  }

  doubt(doubt: Doubt): void {
    this.doubts++
    for (const held of [...(this.#byAccount.get(doubt.accountId) ?? [])]) {
      // Kept when all others end; its person may still have changed, so it is read again too.
      if (doubt.sessionId === null || held.sessionId === doubt.sessionId) this.drop(held)
    }
  }

  clear(): void {
    this.doubts++
    this.#byHash.clear()
    this.#byAccount.clear()
  }
}
