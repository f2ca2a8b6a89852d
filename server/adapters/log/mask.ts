import type { LogFields } from '#server/ports/log.ts'

const secret =
  /pass(word|phrase|wd)?$|secret|token|authori[sz]ation|cookie|credential|api[-_]?key|private[-_]?key|stream[-_]?key|session[-_]?key|recovery[-_]?codes?|signature|^(otp|totp|pin|jwt|bearer|auth)$/i
const deepest = 5
const longestText = 4000
const mostParts = 100
const ours = new Set(['time', 'level', 'event'])
export const masked = '[masked]'

/** What may stand in a line: secrets by their names masked, errors with their causes, nothing endless. Never throws, whatever it is given. */
export function toLoggable(fields: LogFields): LogFields {
  const line: LogFields = {}
  for (const [key, value] of Object.entries(fields)) line[ours.has(key) ? `${key}_` : key] = toPart(key, value, 0)
  return line
}

function toPart(key: string, value: unknown, depth: number): unknown {
  if (value !== undefined && value !== null && value !== '' && typeof value !== 'boolean' && secret.test(key)) return masked
  switch (typeof value) {
    case 'string':
      return toText(value)
    case 'number':
    case 'boolean':
    case 'undefined':
      return value
    case 'object':
      return value === null ? null : toObject(value, depth)
    default:
      return String(value)
  }
}

function toObject(value: object, depth: number): unknown {
  if (depth >= deepest) return '[deep]'
  if (value instanceof Error) return toError(value, depth)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof URL) return toText(value.href)
  if (Array.isArray(value)) return value.slice(0, mostParts).map((part) => toPart('', part, depth + 1))
  if (value instanceof Map || value instanceof Set) return `[${value.size} entries]`
  const line: LogFields = {}
  for (const key of Object.keys(value).slice(0, mostParts)) line[key] = toPart(key, readSafely(value, key), depth + 1)
  return line
}

function toError(error: Error, depth: number): LogFields {
  const line: LogFields = { name: error.name, message: toText(error.message), stack: toText(error.stack ?? '') }
  if (error.cause !== undefined) line.cause = toPart('', error.cause, depth + 1)
  if (error instanceof AggregateError) line.errors = toPart('', error.errors, depth + 1)
  for (const key of Object.keys(error).slice(0, mostParts)) line[key] ??= toPart(key, readSafely(error, key), depth + 1)
  return line
}

function readSafely(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key)
  } catch {
    return '[unreadable]'
  }
}

const inUrl = /([?&;](?:[^=&\s]*(?:token|secret|password|signature|key|ticket|code)[^=&\s]*)=)[^&\s"']+/gi
const inUserInfo = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g

/** Addresses carry secrets too: in their query, before their host. */
function toText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}… (${text.length})` : text
  if (!/[=@]|Bearer |Basic /.test(short)) return short
  return short.replace(inUrl, `$1${masked}`).replace(inUserInfo, `$1:${masked}@`).replace(bearer, `$1 ${masked}`)
}
