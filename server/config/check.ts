import { type Config, eachKey, isKey, keys } from './keys.ts'
import type { Source } from './sources.ts'

export type Complaint = { key: string; source: string; text: string }
export type Checked = { config: Config; complaints: Complaint[] }

/** Builds the whole configuration out of its sources and collects every complaint. */
export function checkConfig(sources: readonly Source[]): Checked {
  const complaints: Complaint[] = []
  const config: Record<string, unknown> = {}
  for (const { path, key } of eachKey()) {
    let value: unknown = key.fallback
    for (const source of sources) {
      const raw = source.find(path)
      if (raw === undefined || raw === null) continue
      const read = key.kind.read(raw)
      if (read === undefined) complaints.push({ key: path.join('.'), source: source.name, text: `must be ${key.kind.accepts}` })
      else value = read
    }
    put(config, path, value)
  }
  const whole = config as unknown as Config
  complaints.push(...contradictions(whole))
  return { config: freeze(whole), complaints }
}

function contradictions(config: Config): Complaint[] {
  const found: Complaint[] = []
  const say = (key: string, text: string) => found.push({ key, source: 'together', text })
  if (config.blobs.kind === 's3') {
    for (const name of ['endpoint', 'bucket', 'accessKey', 'secretKey'] as const) {
      if (config.blobs.s3[name] === '') say(`blobs.s3.${name}`, 'is needed when blobs.kind is s3')
    }
  }
  if (config.mail.url !== '' && config.mail.from === '')
    say('mail.from', 'is needed when mail.url is given: the address that mails come from')
  if (config.redis.url !== '' && !config.redis.allowNoPassword && new URL(config.redis.url).password === '') {
    say('redis.url', 'has no password: give Redis one (requirepass), or set redis.allowNoPassword where nobody else reaches it')
  }
  if (config.database.url.startsWith('m') && new URL(config.database.url).password === '') {
    say('database.url', 'has no password: give the database user one')
  }
  config.database.replicas.forEach((replica, place) => {
    if (new URL(replica).password === '') say('database.replicas', `has no password in number ${place + 1}: give its user one`)
  })
  if (config.database.replicas.length > 0 && !config.database.url.startsWith('m')) {
    say('database.replicas', 'need a primary: give its address as database.url')
  }
  // These are shown to people and in logs.
  const shown = { 'site.url': config.site.url, 'site.sourceUrl': config.site.sourceUrl, 'blobs.s3.endpoint': config.blobs.s3.endpoint }
  for (const [key, url] of Object.entries(shown)) {
    if (url !== '' && (new URL(url).username !== '' || new URL(url).password !== '')) say(key, 'must be without a name and a password')
  }
  const isSplit = config.roles.length < 6 && config.roles.some((role) => role !== 'upload')
  if (isSplit && config.redis.url === '') {
    say('redis.url', 'is needed when the roles run as several processes: they find each other there. Leave out roles, or give redis.url')
  }
  return found
}

/** Keys of the file that nobody knows, with the nearest known one. */
export function unknownKeys(file: unknown, source: string): Complaint[] {
  return [...strangers(file, keys, [])].map(({ path, near }) => {
    const hint = near === undefined ? '' : `; did you mean ${near}?`
    return { key: path, source, text: `is not a key of Matinee${hint}` }
  })
}

function* strangers(file: unknown, known: object, above: readonly string[]): Generator<{ path: string; near: string | undefined }> {
  if (typeof file !== 'object' || file === null) return
  for (const [name, value] of Object.entries(file)) {
    const node = Object.hasOwn(known, name) ? (known as Record<string, object>)[name] : undefined
    if (node === undefined) yield { path: [...above, name].join('.'), near: nearest(name, Object.keys(known), above) }
    else if (!isKey(node)) yield* strangers(value, node, [...above, name])
  }
}

function nearest(name: string, known: readonly string[], above: readonly string[]): string | undefined {
  const found = known.map((other) => ({ other, steps: distance(other, name) })).sort((a, b) => a.steps - b.steps)[0]
  return found && found.steps <= 3 ? [...above, found.other].join('.') : undefined
}

/** Levenshtein's, for guessing what was meant. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path
  if (name === undefined) return
  if (rest.length === 0) {
    target[name] = value
    return
  }
  target[name] ??= {}
  put(target[name] as Record<string, unknown>, rest, value)
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}
