import { createHmac, timingSafeEqual } from 'node:crypto'
import type { VideoRow } from './store.ts'

export const passLastsMs = 6 * 3_600_000
export const passName = (videoId: string) => `matinee-film-${videoId}`

/**
 * What shows that somebody knew the password of a video: good for this video alone, until the hour or the password changes, and no session.
 */
export function createPasses(key: Uint8Array) {
  const macOf = (row: Pick<VideoRow, 'id' | 'password_hash'>, untilMs: number) =>
    createHmac('sha256', key).update(`film-pass ${row.id} ${untilMs} ${row.password_hash}`).digest()

  return {
    write: (row: VideoRow, nowMs: number): string => {
      const untilMs = nowMs + passLastsMs
      return `${untilMs}.${macOf(row, untilMs).toString('base64url')}`
    },

    /** `cookie` is the header as it came. */
    isShown(row: VideoRow, cookie: string | undefined, nowMs: number): boolean {
      if (row.password_hash === null || cookie === undefined) return false
      const name = `(?:__Host-)?${passName(row.id)}`
      const [, until = '', mac = ''] = new RegExp(`(?:^|;\\s*)${name}=(\\d{1,16})\\.([\\w-]{43})(?:;|$)`).exec(cookie) ?? []
      if (mac === '' || Number(until) <= nowMs) return false
      return timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(row, Number(until)))
    },
  }
}
