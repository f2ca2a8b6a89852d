import { createHash, randomBytes } from 'node:crypto'
import type { CacheOptions } from '#server/ports/cache.ts'
import type { RedisKeys } from '../redis/keys.ts'
import type { RedisLine } from '../redis/line.ts'
import { readScript } from '../redis/script.ts'

const begin = readScript(import.meta.url, 'begin.lua')
const end = readScript(import.meta.url, 'end.lua')
const keepLoading = readScript(import.meta.url, 'keep-loading.lua')
const forget = readScript(import.meta.url, 'forget.lua')
const look = readScript(import.meta.url, 'look.lua')

const dayMs = 86_400_000
/** A loader that falls silent for so long is replaced by another. */
export const loadLeaseMs = 3000
/** A process that falls silent for so long may have written and told nobody. */
const silenceMs = 3000
/** Who has missed more than this doubts everything instead of reading on. */
const logLength = 1000

/** What Redis answers to somebody who wants a value. `ticket` is his who must load it. */
export type Beginning =
  | { state: 'fresh' | 'stale'; text: string; ageMs: number; ticket: LoadTicket | undefined }
  | { state: 'load'; ticket: LoadTicket }
  | { state: 'wait' }

export type LoadTicket = { run: string; key: string; options: CacheOptions; holder: string; versions: string; bornText: string }

export type Said =
  | { kind: 'forget'; epoch: string; number: number; tags: string[] }
  | { kind: 'doubt'; epoch: string }
  | { kind: 'loaded'; key: string }

/** The layer that all processes share, as commands: each is one script and rejects with `LineDown` where Redis does not answer in time. */
export function createSharedLayer(line: RedisLine, keys: RedisKeys) {
  const self = chance()
  const keysOf = (run: string, key: string, tags: readonly string[]) => [
    keys.cacheValue(run, short(key)),
    keys.cacheLoad(run, short(key)),
    keys.cacheState(run),
    ...tags.map((tag) => keys.cacheTag(run, short(tag))),
  ]
  const runNow = () => line.serverRun || 'any'

  return {
    async begin(key: string, options: CacheOptions, wants: { stale: boolean }): Promise<Beginning> {
      const { freshMs, staleMs = 0, tags } = options
      const run = runNow()
      const holder = chance()
      const lifeMs = dayMs + freshMs + staleMs
      const args = [holder, loadLeaseMs, Math.ceil(freshMs), Math.ceil(staleMs), chance(), Math.ceil(lifeMs), wants.stale ? 1 : 0]
      const answer = await line.call(begin, keysOf(run, key, tags), args.map(String))
      const [state, text, ageMs, versions, bornText] = answer as [Beginning['state'], string, number, string, string]
      const ticket = { run, key, options, holder, versions, bornText }
      if (state === 'wait') return { state }
      if (state === 'load') return { state, ticket }
      return { state, text, ageMs, ticket: versions === '' ? undefined : ticket }
    },

    async keepLoading({ run, key, versions, holder }: LoadTicket): Promise<void> {
      await line.call(keepLoading, [keys.cacheLoad(run, short(key))], [`${versions} ${holder}`, String(loadLeaseMs)])
    },

    /** Answers whether the value landed. Without a text the load came to nothing. */
    async end({ run, key, options, holder, versions, bornText }: LoadTicket, text: string | undefined): Promise<boolean> {
      const { freshMs, staleMs = 0, tags } = options
      const said = JSON.stringify(['loaded', key])
      const args = [holder, versions, text ?? '', bornText, String(Math.ceil(freshMs + staleMs)), keys.cacheSaid, said]
      return (await line.call(end, keysOf(run, key, tags), args)) === 1
    },

    async forget(tags: readonly string[]): Promise<void> {
      const run = runNow()
      const names = [keys.cacheLog(run), keys.cacheState(run), ...tags.map((tag) => keys.cacheTag(run, short(tag)))]
      await line.call(forget, names, [JSON.stringify(tags), chance(), String(dayMs), keys.cacheSaid, String(logLength)])
    },

    /** Shows that this process lives, and asks what it has missed. */
    async look(
      known: { epoch: string; number: number },
      options: { doubt: boolean },
    ): Promise<{ epoch: string; number: number; missed: string[][] }> {
      const run = runNow()
      const names = [keys.cacheLog(run), keys.cacheState(run), keys.cacheMembers(run)]
      const args = [self, known.epoch, known.number, silenceMs, chance(), dayMs, keys.cacheSaid, options.doubt ? 1 : 0]
      const [epoch, number, ...log] = (await line.call(look, names, args.map(String))) as [string, number, ...string[]]
      return { epoch, number, missed: log.map((entry) => JSON.parse(entry.slice(entry.indexOf(' ') + 1)) as string[]) }
    },

    /** A process that leaves properly has nothing that others must fear. */
    async leave(): Promise<void> {
      await line.send(['ZREM', keys.cacheMembers(runNow()), self])
    },

    listen: (heard: (said: Said) => void) => line.join(keys.cacheSaid, (message) => heard(parseSaid(message))),
    stopListening: () => line.leave(keys.cacheSaid),
  }
}

export type SharedLayer = ReturnType<typeof createSharedLayer>

function parseSaid(message: string): Said {
  const [kind, ...rest] = JSON.parse(message) as [string, ...unknown[]]
  if (kind === 'forget') {
    const [epoch, number, tags] = rest as [string, number, string[]]
    return { kind, epoch, number, tags }
  }
  return kind === 'doubt' ? { kind, epoch: String(rest[0]) } : { kind: 'loaded', key: String(rest[0]) }
}

const chance = () => randomBytes(9).toString('base64url')

/** Addresses can be long; keys of Redis should not be. */
function short(name: string): string {
  return name.length <= 120 ? name : `${name.slice(0, 60)}#${createHash('sha256').update(name).digest('base64url')}`
}
