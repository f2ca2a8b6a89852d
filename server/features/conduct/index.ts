import { openChinese } from '#server/lib/chinese.ts'
import { foldText, toLine } from '#server/lib/plain-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person } from '#server/lib/viewer.ts'
import type { Database } from '#server/database/database.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import { createConductStore, type MuteRow } from './store.ts'
import { findWord } from './words.ts'

const wordsTag = 'conduct:words'

/** What everybody who says something here keeps to, wherever they say it: who is muted says nothing, and some words wait for review. */
export function createConduct(parts: { db: Database<'mute' | 'blocked_word'>; cache: Pick<Cache, 'get' | 'invalidate'>; clock: Clock }) {
  const { cache, clock } = parts
  const store = createConductStore(parts.db)
  const holds = (row: MuteRow | undefined) => row !== undefined && (row.until_ms === null || row.until_ms > clock.now())
  const words = () => cache.get(wordsTag, { freshMs: 60_000, tags: [wordsTag] }, () => store.words())

  return {
    async demandVoice({ accountId }: Pick<Person, 'accountId'>): Promise<void> {
      if (holds(await store.mute(accountId))) throw new Problem('forbidden', 'conduct.muted')
    },

    /** The mute that holds now. */
    async muteOf(accountId: string): Promise<MuteRow | undefined> {
      const row = await store.mute(accountId)
      return holds(row) ? row : undefined
    },

    /** For whoever commits them with the entry of the log. */
    muteStatement: store.muteStatement,
    unmuteStatement: store.unmuteStatement,

    words,
    wordStatements: (given: readonly string[]) =>
      store.wordStatements([
        ...new Map(
          given
            .map((word) => ({ word_key: foldText(toLine(word)).slice(0, 100), word: toLine(word) }))
            .filter(({ word }) => word !== '')
            .map((row) => [row.word_key, row]),
        ).values(),
      ]),
    wordsChanged: () => cache.invalidate(wordsTag),

    /** Whether it waits for review: by the house's words, or by those of one film. */
    async waits(text: string, ofFilm: readonly string[]): Promise<boolean> {
      const all = [...(await words()), ...ofFilm]
      return all.length > 0 && findWord(text, all, await openChinese()) !== undefined
    },
  }
}

export type Conduct = ReturnType<typeof createConduct>
