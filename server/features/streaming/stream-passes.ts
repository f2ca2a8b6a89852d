import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a signed address says: this film, on behalf of this session (or a stranger), until then. */
export type StreamPass = { videoId: string; sessionId: string | undefined; filmPass: string | undefined; untilMs: number }

export const passLastsMs = 6 * 3_600_000
const none = '-'
const shape = /^(\d{1,16})~([\w-]{1,64})~([\w.-]{1,200})~([\w-]{43})$/

/** Signed addresses: good for one film, as long as their session lives and six hours at most, and no session themselves. */
export function createStreamPasses(key: Uint8Array) {
  const macOf = ({ videoId, sessionId = none, filmPass = none, untilMs }: StreamPass) =>
    createHmac('sha256', key).update(`stream-pass ${videoId} ${untilMs} ${sessionId} ${filmPass}`).digest()

  return {
    write: (pass: StreamPass): string =>
      [pass.untilMs, pass.sessionId ?? none, pass.filmPass ?? none, macOf(pass).toString('base64url')].join('~'),

    /** Undefined: not ours, not of this film, or over. */
    read(text: string, videoId: string, nowMs: number): StreamPass | undefined {
      const [, until = '', session = none, film = none, mac = ''] = shape.exec(text) ?? []
      if (mac === '') return undefined
      const pass: StreamPass = {
        videoId,
        sessionId: session === none ? undefined : session,
        filmPass: film === none ? undefined : film,
        untilMs: Number(until),
      }
      return timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(pass)) && pass.untilMs > nowMs ? pass : undefined
    },
  }
}

export type StreamPasses = ReturnType<typeof createStreamPasses>
