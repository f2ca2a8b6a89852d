import { isAbsolute } from 'node:path'
import { type Key, type KeyOptions, key, parseBytes } from './kinds.ts'

export type BusinessServer = {
  readonly name: string
  readonly token: string
  readonly notifyUrl: string
  readonly roots: readonly string[]
  readonly maxFileSize: number
  /** Bytes a user may have in all; infinite unless it is given. */
  readonly quota: number
  readonly blockLimit: number
  readonly idleDays: number
  readonly instant: boolean
  readonly origins: readonly string[]
  readonly md5: 'required' | 'late'
}

const accepts =
  'a mapping or a list of mappings with name, token (5 characters or more), notifyUrl (http or https) and roots (absolute folders), and perhaps maxFileSize, quota, blockLimit, idleDays, instant, origins, md5'

export const businessServers = (about: string, options?: KeyOptions): Key<readonly BusinessServer[]> =>
  key<readonly BusinessServer[]>({ accepts, read }, [], about, options)

function read(raw: unknown): readonly BusinessServer[] | undefined {
  const given = typeof raw === 'string' ? parseText(raw) : raw
  const servers = (Array.isArray(given) ? given : [given]).map(readOne)
  const whole = servers.filter((server) => server !== undefined)
  const names = new Set(whole.map(({ name }) => name))
  const tokens = new Set(whole.map(({ token }) => token))
  const isWhole = whole.length === servers.length && names.size === whole.length && tokens.size === whole.length
  return isWhole ? whole : undefined
}

/** From a variable or a flag: the same as JSON. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function readOne(raw: unknown): BusinessServer | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const given = raw as Record<string, unknown>
  const { name = 'default', token, notifyUrl, idleDays = 7, instant = true, md5 = 'required' } = given
  const roots = texts(given.roots)
  const origins = given.origins === undefined ? [] : texts(given.origins)
  const maxFileSize = sizeOf(given.maxFileSize, 2 ** 41)
  const quota = sizeOf(given.quota, Number.POSITIVE_INFINITY)
  const blockLimit = sizeOf(given.blockLimit, 2 ** 26)
  if (typeof name !== 'string' || name === '' || name === 'matinee' || name.length > 64) return undefined
  if (typeof token !== 'string' || token.length < 5) return undefined
  if (typeof notifyUrl !== 'string' || !isWeb(notifyUrl)) return undefined
  if (!roots || roots.length === 0 || !roots.every(isAbsolute) || !origins) return undefined
  if (typeof idleDays !== 'number' || !(idleDays > 0) || typeof instant !== 'boolean') return undefined
  if (md5 !== 'required' && md5 !== 'late') return undefined
  if (maxFileSize === undefined || quota === undefined || blockLimit === undefined) return undefined
  return { name, token, notifyUrl, roots, maxFileSize, quota, blockLimit, idleDays, instant, origins, md5 }
}

const sizeOf = (raw: unknown, otherwise: number) => (raw === undefined ? otherwise : parseBytes(raw))

function texts(raw: unknown): string[] | undefined {
  return Array.isArray(raw) && raw.every((part) => typeof part === 'string') ? raw : undefined
}

function isWeb(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)
}
