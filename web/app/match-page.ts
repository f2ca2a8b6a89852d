import type { PageEntry, Place } from '#web/lib/page.ts'
import { pages, problemPage } from './pages.ts'

export type Match = { entry: PageEntry; place: Place }

/** Which page stands at an address (path and query). */
export function matchPage(url: string, table: readonly PageEntry[] = pages): Match {
  const { pathname, searchParams: search } = new URL(url, 'http://matinee.invalid')
  for (const entry of table) {
    const params = paramsOf(entry.pattern, pathname)
    if (params) return { entry, place: { path: pathname, params, search } }
  }
  return { entry: problemPage, place: { path: pathname, params: {}, search } }
}

/** A pattern's segment is a word, a `:name` (after a word if need be, `@:username`), an optional `:name?`. */
export function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/').slice(1)
  const given = path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .slice(1)
  const params: Record<string, string> = {}
  for (const [at, segment] of wanted.entries()) {
    const [word = '', name] = segment.split(':')
    const value = decoded(given[at] ?? '')
    if (name === undefined) {
      if (value !== word) return undefined
    } else if (name.endsWith('?') && given[at] === undefined) continue
    else if (value === undefined || !value.startsWith(word) || value.length === word.length) return undefined
    else params[name.replace('?', '')] = value.slice(word.length)
  }
  return given.length > wanted.length ? undefined : params
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
