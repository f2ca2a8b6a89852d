import { defaultLanguage } from '#shared/language.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Stranger } from '#server/lib/viewer.ts'
import { type Encoding, acceptedEncodings, compress, isCompressible, pick, preparedOrder, worthwhileBytes } from './compression.ts'
import { createKnownAddresses } from './known-addresses.ts'
import { entityTag, isKnown, tagOfEncoding } from './etags.ts'
import type { Exchange } from './exchange.ts'
import type { Plan, Serialize } from './plan.ts'
import type { Answer, Answers, Call } from './route.ts'
import type { SecurityHeaders } from './security-headers.ts'
import { writeHead } from './write.ts'

/** What lies in the cache: the answer for everybody, as it is sent. */
type Kept = { contentType: string; headers: readonly string[]; body: string }

/** What a process makes of it once, and sends as it lies from then on. */
type Ready = { tag: string; plain: Form; packed: Map<Encoding, Form | undefined> }
type Form = { bytes: string | Buffer; headers: Record<'open' | 'secure', readonly string[]> }

/** An address whose parts have been checked: all that is needed to answer it again. */
export type KnownAddress = { plan: Plan; load: () => Promise<Kept>; key: string; freshMs: number; staleMs: number; tags: readonly string[] }

export type RouteCache = {
  /** An address that has been answered before, as it was typed. */
  find(request: Exchange['request']): KnownAddress | undefined
  /** The first time: by the checked parts of the address, and remembered. */
  know(exchange: Exchange, plan: Plan, call: Call<unknown, unknown, unknown>, serialize: Serialize): KnownAddress
  answer(exchange: Exchange, address: KnownAddress): Promise<void>
}

/** Addresses as they were typed, in memory. */
const knownBytes = 8 * 2 ** 20

/**
 * Memory, then one flight to the shared store, then one flight over all machines to the source: that is what the port does. Here the answer gets
 * its bytes: made once, tagged and compressed, and a hit is written without asking the framework anything.
 */
export function createRouteCache(parts: { cache: Cache; security: SecurityHeaders; origin: () => string }): RouteCache {
  const { cache, security } = parts
  const known = createKnownAddresses<KnownAddress>(knownBytes)
  const ready = new WeakMap<Kept, Ready>()

  const readyOf = (kept: Kept): Ready => {
    let made = ready.get(kept)
    if (!made) {
      const tag = entityTag(kept.body)
      made = { tag, plain: formOf(kept, { tag, encoding: undefined, bytes: kept.body, security }), packed: new Map() }
      ready.set(kept, made)
    }
    return made
  }

  /** Packing is done aside, once: who comes meanwhile gets the plain form. */
  const formFor = (kept: Kept, made: Ready, accepted: string | string[] | undefined): Form => {
    if (accepted === undefined || kept.body.length < worthwhileBytes || !isCompressible(kept.contentType)) return made.plain
    const encoding = pick(acceptedEncodings(accepted), preparedOrder)
    if (!encoding) return made.plain
    if (!made.packed.has(encoding)) {
      made.packed.set(encoding, undefined)
      void compress(kept.body, encoding, 'best').then(
        (bytes) =>
          bytes.length < kept.body.length * 0.9 && made.packed.set(encoding, formOf(kept, { tag: made.tag, encoding, bytes, security })),
        () => made.packed.delete(encoding),
      )
    }
    return made.packed.get(encoding) ?? made.plain
  }

  return {
    find: ({ method, url }) => (method === 'GET' || method === 'HEAD' ? known.find(url ?? '') : undefined),
    know(exchange, plan, call, serialize) {
      const { cache: rule } = plan.route
      if (!rule) throw new Error(`The route ${plan.name} is not cached.`)
      const { params, query } = call
      const address: KnownAddress = {
        plan,
        key: `route:${plan.name}:${JSON.stringify([params, query])}`,
        freshMs: rule.freshMs,
        staleMs: rule.staleMs ?? 0,
        tags: rule.tags(params as never),
        load: () => loadFor(plan, { params, query, origin: parts.origin() }, serialize),
      }
      known.add(exchange.request.url ?? '', address)
      return address
    },
    async answer(exchange, address) {
      const kept = await cache.get(address.key, address, address.load)
      const { request, response, client } = exchange
      const made = readyOf(kept)
      const form = formFor(kept, made, request.headers['accept-encoding'])
      const headers = client.isSecure ? form.headers.secure : form.headers.open
      if (request.headers['if-none-match'] !== undefined && isKnown(request.headers['if-none-match'], made.tag)) {
        writeHead(exchange, 304, headers.slice(0, -2 * onlyWithBody))
        response.end()
        return
      }
      writeHead(exchange, 200, headers)
      response.end(form.bytes)
    },
  }
}

/** The last headers of a form speak of its body. */
const onlyWithBody = 2

function formOf(
  kept: Kept,
  made: { tag: string; encoding: Encoding | undefined; bytes: string | Buffer; security: SecurityHeaders },
): Form {
  const { tag, encoding, bytes, security } = made
  const own = ['cache-control', 'public, no-cache', 'vary', 'accept-encoding', 'etag', tagOfEncoding(tag, encoding), ...kept.headers]
  if (encoding) own.push('content-encoding', encoding)
  own.push('content-type', kept.contentType, 'content-length', String(Buffer.byteLength(bytes)))
  return { bytes, headers: { open: [...security.data(false), ...own], secure: [...security.data(true), ...own] } }
}

/** Whoever asks, the handler sees nobody: what it answers is for all. */
const nobody: Stranger = Object.freeze({ kind: 'stranger', language: defaultLanguage, address: '' })

async function loadFor(plan: Plan, address: { params: unknown; query: unknown; origin: string }, serialize: Serialize): Promise<Kept> {
  const { route, name } = plan
  const refuse = (what: string) => new Error(`The cached route ${name} looked at ${what}: it may depend on its address alone.`)
  const call = {
    ...address,
    body: undefined,
    viewer: nobody,
    requestId: 'cache',
    signal: AbortSignal.timeout(30_000),
    headers: {},
    isForm: false,
    get raw(): never {
      throw refuse('the request')
    },
    formToken(): never {
      throw refuse('the form token of a person')
    },
  }
  const answer: Answer<Answers> | undefined = await route.handle?.(call)
  if (answer?.status !== 200) throw new Error(`The cached route ${name} must answer 200 or throw.`)
  const given = Object.entries(answer.headers ?? {}).map(([header, value]) => [header.toLowerCase(), value] as const)
  if (answer.cookies?.length || given.some(([header]) => header === 'set-cookie')) throw refuse('a person: it sets a cookie')
  const body = 'body' in answer ? serialize(200, (route.answers as Answers)[200], answer.body) : 'bytes' in answer ? answer.bytes : ''
  if (typeof body !== 'string') throw new Error(`The cached route ${name} must answer with JSON or a text.`)
  return {
    contentType:
      'body' in answer ? 'application/json' : (given.find(([header]) => header === 'content-type')?.[1] ?? 'text/plain; charset=utf-8'),
    headers: given.filter(([header]) => header !== 'content-type').flat(),
    body,
  }
}
