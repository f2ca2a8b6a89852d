/** A kind of value: how a text or a YAML value becomes it, and how it is described to people. */
export type Kind<T> = {
  accepts: string
  /** Answers undefined when the value is not of this kind. */
  read(raw: unknown): T | undefined
  /** As `read` takes it back; undefined: as it is. */
  show?(value: T): string
}

export type Key<T> = {
  kind: Kind<T>
  fallback: T
  about: string
  /** May change while the program runs. */
  reload: boolean
  secret: boolean
}

export type KeyOptions = { reload?: boolean; secret?: boolean }

export function key<T>(kind: Kind<T>, fallback: T, about: string, options: KeyOptions = {}): Key<T> {
  return { kind, fallback, about, reload: options.reload ?? false, secret: options.secret ?? false }
}

const units: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}
const spans: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
}

export function parseBytes(raw: unknown): number | undefined {
  if (typeof raw === 'number') return Number.isSafeInteger(raw) && raw >= 0 ? raw : undefined
  return parseMeasure(raw, units)
}

function parseSpan(raw: unknown): number | undefined {
  if (raw === 0 || raw === '0') return 0
  return parseMeasure(raw, spans)
}

function showSpan(ms: number): string {
  const [unit, factor] =
    Object.entries({ d: spans.d, h: spans.h, m: spans.m, s: spans.s }).find(([, f]) => f !== undefined && ms % f === 0) ?? []
  return ms === 0 || unit === undefined || factor === undefined ? `${ms}ms` : `${ms / factor}${unit}`
}

function parseMeasure(raw: unknown, table: Record<string, number>): number | undefined {
  if (typeof raw !== 'string') return undefined
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(raw.trim())
  const factor = match && table[(match[2] ?? '').toLowerCase()]
  if (!match || factor === undefined || factor === null) return undefined
  const value = Math.round(Number(match[1]) * factor)
  return Number.isSafeInteger(value) ? value : undefined
}

/** A list, or texts between commas. */
export function readList(raw: unknown): string[] | undefined {
  const parts = typeof raw === 'string' ? raw.split(',') : raw
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return undefined
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function readWhole(raw: unknown): number | undefined {
  const value = typeof raw === 'string' && /^-?\d+$/.test(raw.trim()) ? Number(raw) : raw
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
}

function readFlag(raw: unknown): boolean | undefined {
  if (typeof raw === 'boolean') return raw
  if (raw === 'true' || raw === 'yes' || raw === '1') return true
  return raw === 'false' || raw === 'no' || raw === '0' ? false : undefined
}

const readText = (raw: unknown) => (typeof raw === 'string' ? raw.trim() : undefined)

export const text = (fallback: string, about: string, options?: KeyOptions): Key<string> =>
  key({ accepts: 'a text', read: readText }, fallback, about, options)

export const flag = (fallback: boolean, about: string, options?: KeyOptions): Key<boolean> =>
  key<boolean>({ accepts: 'true or false', read: readFlag }, fallback, about, options)

export const bytes = (fallback: number, about: string, options?: KeyOptions): Key<number> =>
  key<number>({ accepts: 'a size like 50MiB or 2TiB', read: parseBytes }, fallback, about, options)

export const span = (fallbackMs: number, about: string, options?: KeyOptions): Key<number> =>
  key<number>({ accepts: 'a span of time like 500ms, 20s, 15m, 24h or 7d', read: parseSpan, show: showSpan }, fallbackMs, about, options)

export function whole(fallback: number, range: { from: number; to: number }, about: string, options?: KeyOptions): Key<number> {
  const read = (raw: unknown) => {
    const value = readWhole(raw)
    return value !== undefined && value >= range.from && value <= range.to ? value : undefined
  }
  return key({ accepts: `a whole number from ${range.from} to ${range.to}`, read }, fallback, about, options)
}

export function choice<const C extends string>(options: readonly C[], fallback: C, about: string, more?: KeyOptions): Key<C> {
  const read = (raw: unknown) => options.find((option) => option === raw)
  return key({ accepts: `one of ${options.join(', ')}`, read }, fallback, about, more)
}

/** A list of which every part is one of a few. */
export function choices<const C extends string>(options: readonly C[], fallback: readonly C[], about: string): Key<readonly C[]> {
  const read = (raw: unknown) => {
    const parts = readList(raw)?.map((part) => options.find((option) => option === part))
    const whole = parts?.filter((part) => part !== undefined)
    return whole && whole.length > 0 && whole.length === parts?.length ? [...new Set(whole)] : undefined
  }
  return key<readonly C[]>({ accepts: `some of ${options.join(', ')}`, read }, fallback, about)
}

/** An address with one of the protocols, or nothing. */
export function address(protocols: readonly string[], about: string, options?: KeyOptions): Key<string> {
  const read = (raw: unknown) => {
    if (raw === '') return ''
    if (typeof raw !== 'string' || !URL.canParse(raw)) return undefined
    return protocols.includes(new URL(raw).protocol) ? raw : undefined
  }
  return key({ accepts: `an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`, read }, '', about, options)
}
