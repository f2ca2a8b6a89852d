import type { BlockedWords, CasePage, HeldPage, PersonSheet } from '#shared/api/moderation.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export const caseStates = ['open', 'upheld', 'dismissed'] as const
export const caseThings = ['video', 'comment', 'danmaku', 'person'] as const

/** What the address asks for; what it does not know is left out. */
export function casesFor(search: URLSearchParams): Reading<CasePage> {
  const state = caseStates.find((one) => one === search.get('state')) ?? 'open'
  const thing = caseThings.find((one) => one === search.get('thing'))
  return reading(`/moderation/cases?${new URLSearchParams({ limit: '20', state, ...(thing ? { thing } : {}) })}`)
}

export const heldComments = (of: 'own' | 'all'): Reading<HeldPage> => reading(`/moderation/held?limit=30&of=${of}`)
export const blockedWords = reading<BlockedWords>('/moderation/words')
export const sheetOf = (username: string): Reading<PersonSheet> => reading(`/moderation/people/${encodeURIComponent(username)}`)
export const sheetAddress = (username: string) => `/moderation/person?name=${encodeURIComponent(username)}`
