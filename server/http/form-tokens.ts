import { createHmac, createSecretKey, randomFillSync, timingSafeEqual } from 'node:crypto'
import type { Viewer } from '#server/lib/viewer.ts'

const lifeMs = 12 * 3_600_000
const chanceBytes = 9

/**
 * What a form of ours carries to show that we made it for this viewer: time and chance, signed together with the session. It is another one
 * on each page, so that compressed pages give nothing away by their length.
 */
export function createFormTokens(parts: { secret: string; now: () => number }) {
  const key = createSecretKey(parts.secret, 'utf8')
  const sign = (head: Buffer, viewer: Viewer) =>
    createHmac('sha256', key)
      .update(`form\0${viewer.kind === 'person' ? viewer.sessionId : ''}\0`)
      .update(head)
      .digest()
      .subarray(0, 16)
  // The system is asked for chance once in some hundred pages: asking costs more than the token itself.
  const chances = Buffer.alloc(chanceBytes * 400)
  let used = chances.length
  const addChance = (head: Buffer) => {
    if (used === chances.length) {
      randomFillSync(chances)
      used = 0
    }
    chances.copy(head, 6, used, used + chanceBytes)
    used += chanceBytes
  }

  return {
    create(viewer: Viewer): string {
      const head = Buffer.alloc(6 + chanceBytes)
      head.writeUIntBE(parts.now(), 0, 6)
      addChance(head)
      return Buffer.concat([head, sign(head, viewer)]).toString('base64url')
    },
    holds(token: unknown, viewer: Viewer): boolean {
      if (typeof token !== 'string' || !/^[\w-]{42}$/.test(token)) return false
      const bytes = Buffer.from(token, 'base64url')
      // The last character has bits to spare: one token has one spelling.
      if (bytes.toString('base64url') !== token) return false
      const head = bytes.subarray(0, 6 + chanceBytes)
      const ageMs = parts.now() - head.readUIntBE(0, 6)
      return ageMs >= 0 && ageMs <= lifeMs && timingSafeEqual(bytes.subarray(head.length), sign(head, viewer))
    },
  }
}

export type FormTokens = ReturnType<typeof createFormTokens>
