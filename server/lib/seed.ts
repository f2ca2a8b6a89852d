import type { Person } from './viewer.ts'

/** Chance that is the same each time: what it made can be made again. */
export type Chance = {
  /** From 0, below 1. */
  next(): number
  /** From `from` to `to`, both among them. */
  whole(from: number, to: number): number
  pick<T>(things: readonly [T, ...T[]]): T
}

/** A believable club, as far as it has been seeded: each feature adds what it keeps. */
export type Club = {
  nowMs: number
  chance: Chance
  /** The first owns the house, then come its admins and moderators. */
  people: { id: string; username: string; role: 'owner' | 'admin' | 'moderator' | 'member' }[]
  /** Everybody's, so that one can look at the house as anybody. */
  password: string
}

/** Somebody of the club, as the features know who acts. */
export function asPerson({ id, username, role }: Club['people'][number]): Person {
  const from = { sessionId: '', via: 'bearer', language: 'en', timeZone: 'UTC', address: '127.0.0.1' } as const
  return { kind: 'person', accountId: id, username, role, ...from }
}

/** What a feature puts into an empty house; answers what it made, in words. */
export type Seed = (club: Club) => Promise<string>

/** Mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (things) => things[Math.floor(next() * things.length)] ?? things[0],
  }
}
