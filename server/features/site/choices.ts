import type { IncomingHttpHeaders } from 'node:http'
import type { Viewer } from '#server/lib/viewer.ts'
import { type Language, languages } from '#shared/language.ts'
import { defaultTheme, type Theme, themes } from '#shared/page.ts'

/** What this device keeps in cookies. Over HTTPS their names have a prefix; either is read. */
export type Choices = { language: Language; theme: Theme; timeZone: string }

export function choicesOf(headers: IncomingHttpHeaders, viewer: Viewer): Choices {
  const cookies = readCookies(headers.cookie ?? '')
  const read = (name: string) => cookies.get(`__Host-${name}`) ?? cookies.get(name)
  const timeZone = viewer.kind === 'person' ? viewer.timeZone : read('timezone')
  return {
    language: oneOf(languages, read('language')) ?? viewer.language,
    theme: oneOf(themes, read('theme')) ?? defaultTheme,
    timeZone: timeZone !== undefined && isTimeZone(timeZone) ? timeZone : 'UTC',
  }
}

function readCookies(header: string): Map<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim().split('='))
  return new Map(pairs.map(([name = '', ...value]) => [name, decoded(value.join('='))]))
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | undefined {
  return known.find((name) => name === value)
}

const knownZones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])

function isTimeZone(name: string): boolean {
  return knownZones.has(name)
}
