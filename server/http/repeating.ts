import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'
import type { Log } from '#server/ports/log.ts'
import type { Repeats } from '#server/ports/repeats.ts'
import type { Told } from './answering.ts'
import type { Exchange } from './exchange.ts'
import type { Plan } from './plan.ts'
import { keyMalformed, keyReused, keyRunning } from './problems.ts'
import type { Call } from './route.ts'

export type Repeating = {
  /** Runs `act`, or, where the caller's key has been seen with the same request, answers what came of it the first time. */
  once(exchange: Exchange, plan: Plan, call: Call<unknown, unknown, unknown>, act: () => Promise<Told>): Promise<Told>
}

const leaseMs = 60_000
const lifeMs = 86_400_000

/**
 * Only what went well is kept: a refusal may be asked again. An answer may hold a session, so it lies sealed under the caller's own key, of which we
 * keep but a hash: without the caller nobody can open it, ourselves included.
 */
export function createRepeating(parts: { repeats: Repeats; secret: string; log: Log }): Repeating {
  const { repeats, log } = parts
  return {
    async once(exchange, plan, call, act) {
      const sent = exchange.request.headers['idempotency-key']
      if (sent === undefined) return act()
      if (typeof sent !== 'string' || !/^[\x21-\x7e]{8,128}$/.test(sent)) throw keyMalformed()
      const fingerprint = hash('sha256', JSON.stringify([call.params, call.query, call.body]), 'base64url')
      // A stranger is known by nothing but the request itself: two who chose the same key are two.
      const whose = call.viewer.kind === 'person' ? call.viewer.accountId : `stranger ${fingerprint}`
      const name = hash('sha256', JSON.stringify([plan.name, plan.route.method, whose, sent]), 'base64url')
      const seal = createSeal(hkdfSync('sha256', sent, parts.secret, `repeat ${name}`, 32))
      const begun = await repeats.begin(name, { fingerprint, leaseMs, lifeMs })
      if (begun.state === 'other') throw keyReused()
      if (begun.state === 'running') throw keyRunning()
      if (begun.state === 'known') {
        exchange.headers.push('idempotent-replayed', 'true')
        return seal.open(begun.answer)
      }
      return keepOutcome(name, begun.holder, { act, seal })
    },
  }

  async function keepOutcome(name: string, holder: string, { act, seal }: { act: () => Promise<Told>; seal: Seal }): Promise<Told> {
    let told: Told
    try {
      told = await act()
    } catch (refused) {
      await repeats.forget(name, holder).catch((error: unknown) => log.warn('http.repeat_not_forgotten', { error }))
      throw refused
    }
    // It has been done: whoever asked hears of it even if it cannot be remembered.
    await repeats.keep(name, holder, seal.close(told)).catch((error: unknown) => log.error('http.repeat_not_kept', { error }))
    return told
  }
}

type Seal = { close(told: Told): string; open(sealed: string): Told }

function createSeal(key: ArrayBuffer): Seal {
  const bytes = Buffer.from(key)
  return {
    close(told) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce)
      const text = Buffer.concat([cipher.update(JSON.stringify(told)), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
    },
    open(sealed) {
      const all = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', bytes, all.subarray(0, 12)).setAuthTag(all.subarray(12, 28))
      const text = Buffer.concat([decipher.update(all.subarray(28)), decipher.final()]).toString()
      const { status, headers, cookies, contentType, body } = JSON.parse(text) as Partial<Told> & { status: number }
      return { status, headers, cookies, contentType, body }
    },
  }
}
