import { Type } from 'typebox'
import { type Call, type Route, route } from '#server/http/route.ts'
import type { Person, Stranger, Viewer } from '#server/lib/viewer.ts'
import { SignedAnswer } from '#shared/api/films.ts'
import { passInvalid } from './errors.ts'
import { askerOf } from './asker.ts'
import { access, area, vid } from './route-parts.ts'
import type { StreamingService } from './service.ts'
import { passLastsMs, type StreamPasses } from './stream-passes.ts'

export type SigningParts = {
  service: Pick<StreamingService, 'demandSeen'>
  passes: StreamPasses
  nowMs: () => number
  /** Undefined: the session is over. */
  recall: (sessionId: string, from: { via: 'bearer'; stranger: Stranger }) => Promise<Person | undefined>
}

const pass = Type.String({ pattern: '^[\\w.~-]{50,400}$' })

/** For CDNs, embeds and televisions, where no session goes: the same addresses below one that is signed, so that relative names inherit it. */
export function signedRoutes(routes: readonly Route[], parts: SigningParts): Route[] {
  return [signRoute(parts), ...routes.map((one) => signed(one, parts))]
}

const signRoute = ({ service, passes, nowMs }: SigningParts): Route =>
  route({
    method: 'POST',
    path: '/stream/:vid/sign',
    area,
    summary: 'Addresses of this film for places where no session goes: good for six hours at most, and as long as the session lives.',
    access,
    params: Type.Object({ vid }),
    answers: { 200: SignedAnswer },
    limits: [{ name: 'sign', limit: { count: 240, periodMs: 3_600_000, burst: 60 }, per: 'person' }],
    async handle(call) {
      const { viewer, params } = call
      await service.demandSeen(askerOf(call), params.vid)
      const untilMs = nowMs() + passLastsMs
      const sessionId = viewer.kind === 'person' ? viewer.sessionId : undefined
      const filmPass = new RegExp(`matinee-film-${params.vid}=([\\w.-]+)`).exec(call.headers.cookie ?? '')?.[1]
      const written = passes.write({ videoId: params.vid, sessionId, filmPass, untilMs })
      const base = `/signed/${written}/stream/${params.vid}`
      const body = {
        master: `${base}/master.m3u8`,
        original: `${base}/original.m3u8`,
        file: base,
        expiresAt: new Date(untilMs).toISOString(),
      }
      return { status: 200, body }
    },
  })

function signed(one: Route, parts: SigningParts): Route {
  const { handle, respond } = one
  // A call finds its parts when they are asked for: they are named, not copied.
  const inner = async (call: Call<never, never, never>) => {
    const { params, query, body, requestId, signal, origin, isForm, raw } = call
    const formToken = () => call.formToken()
    return { params, query, body, requestId, signal, origin, isForm, raw, formToken, ...(await bearerOf(call, parts)) }
  }
  return {
    ...one,
    path: `/signed/:pass${one.path}`,
    summary: `${one.summary} By a signed address.`,
    access: 'anyone',
    // Whatever session a browser shows besides: the address says who asks.
    sessionless: true,
    params: Type.Object({ ...(one.params as { properties: Record<string, never> }).properties, pass }),
    ...(handle ? { handle: async (call: Call<never, never, never>) => await handle(await inner(call)) } : {}),
    ...(respond ? { respond: async (call: Call<never, never, never>, response: never) => await respond(await inner(call), response) } : {}),
  } as Route
}

/** Who the address speaks for: never more than they may at this moment. */
async function bearerOf(call: Call<unknown, unknown, unknown>, { passes, nowMs, recall }: SigningParts) {
  const { pass: text, vid: videoId } = call.params as { pass: string; vid: string }
  const shown = passes.read(text, videoId, nowMs())
  if (!shown) throw passInvalid()
  const { language, address } = call.viewer
  const stranger: Stranger = { kind: 'stranger', language, address }
  const viewer: Viewer | undefined = shown.sessionId === undefined ? stranger : await recall(shown.sessionId, { via: 'bearer', stranger })
  if (!viewer) throw passInvalid()
  const cookie = shown.filmPass === undefined ? undefined : `matinee-film-${videoId}=${shown.filmPass}`
  return { viewer, headers: { ...call.headers, cookie } }
}
