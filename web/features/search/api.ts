import type { SearchAnswer } from '#shared/api/search.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export const sorts = ['new', 'views'] as const
export const lengths = ['short', 'medium', 'long'] as const
export const ages = ['day', 'week', 'month', 'year'] as const
const known = { sort: sorts, length: lengths, age: ages } as const

/** What the page of search is asked for by its address. Words of an address that mean nothing are left out. */
export type Sought = { words: string; filters: Record<string, string>; cursor: string | undefined }

export function soughtBy(search: URLSearchParams): Sought {
  const filters: Record<string, string> = {}
  for (const [name, values] of Object.entries(known)) {
    const value = search.get(name)
    if (values.some((one) => one === value) && value !== null) filters[name] = value
  }
  const tag = search.get('tag')?.trim().slice(0, 100)
  if (tag) filters['tag'] = tag
  return { words: search.get('q')?.trim().slice(0, 200) ?? '', filters, cursor: search.get('cursor') ?? undefined }
}

export function addressOf({ words, filters, cursor }: Sought): string {
  const search = new URLSearchParams({ ...(words ? { q: words } : {}), ...filters, ...(cursor === undefined ? {} : { cursor }) })
  return search.size === 0 ? '/search' : `/search?${search}`
}

export function resultsFor(sought: Sought): Reading<SearchAnswer> {
  const address = addressOf(sought)
  return reading(`${address}${address.includes('?') ? '&' : '?'}limit=30`)
}
