import type { Limit } from '#server/lib/gcra.ts'
import { validatorOf } from '#server/lib/message-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Log } from '#server/ports/log.ts'
import type { Refusal, Sent } from '#shared/messages/envelope.ts'
import { checkAccess } from './access.ts'
import type { Catalogue } from './catalogue.ts'
import type { Connection } from './connection.ts'
import type { Receiver, SocketCall } from './door.ts'
import { parseEnvelope } from './envelope.ts'

/** Of all messages of one line. A message costs one, and one more for every 4 KiB. */
const allMessages: Limit = { count: 40, periodMs: 1_000, burst: 160 }
/** Whoever goes on so far beyond does not listen: the line is closed. */
const patience: Limit = { count: 20, periodMs: 1_000, burst: 200 }
/** So many wait for their turn; then the line is not read. */
const waitingAtMost = 16

/** What clients say: read, checked, limited, handed to its service, answered. */
export class Inbox {
  readonly #catalogue: Catalogue
  readonly #log: Log
  readonly #nowMs: () => number
  readonly #idOf: (connection: Connection) => string
  readonly figures = { received: 0, refused: 0, failed: 0 }

  constructor(parts: { catalogue: Catalogue; log: Log; nowMs: () => number; idOf: (connection: Connection) => string }) {
    this.#catalogue = parts.catalogue
    this.#log = parts.log
    this.#nowMs = parts.nowMs
    this.#idOf = parts.idOf
  }

  heard(connection: Connection, text: string): void {
    this.figures.received++
    const sent = parseEnvelope(text)
    try {
      this.#takeAll(connection, 1 + Math.floor(text.length / 4096))
      if (!sent) throw new Problem('invalid', 'socket.malformed')
      this.#take(connection, sent)
    } catch (error) {
      this.#refuse(connection, sent?.id ?? null, error)
    }
  }

  /** Pings and pongs count as well. */
  allowsSign(connection: Connection): boolean {
    try {
      this.#takeAll(connection, 1)
      return true
    } catch {
      return !connection.isOutOfPatience(this.#nowMs(), patience)
    }
  }

  #takeAll(connection: Connection, cost: number): void {
    const { allowed, retryAfterMs } = connection.takeAny(this.#nowMs(), allMessages, cost)
    if (!allowed) throw limited(retryAfterMs)
  }

  #take(connection: Connection, sent: Sent): void {
    const found = this.#catalogue.receivers.get(sent.t)
    if (!found) throw new Problem('not_found', 'socket.unknown_kind')
    const { receiver, area } = found
    checkAccess(receiver.access, connection.viewer)
    this.#takeKind(connection, receiver)
    const validator = validatorOf(receiver.message.body)
    if (!validator.Check(sent.d)) {
      const fields = validator.Errors(sent.d).slice(0, 8)
      throw new Problem('invalid', 'socket.wrong_body', {
        fields: fields.map(({ instancePath, keyword }) => ({ path: instancePath || '/', code: `field.${keyword}` })),
      })
    }
    this.#inTurn(connection, area, () => this.#handle(connection, receiver, sent))
  }

  #takeKind(connection: Connection, { message, limit }: Receiver): void {
    const { allowed, retryAfterMs } = connection.takeKind(message.kind, this.#nowMs(), limit)
    if (!allowed) throw limited(retryAfterMs)
  }

  /** One after the other within an area; areas do not wait for each other. */
  #inTurn(connection: Connection, area: string, act: () => Promise<void>): void {
    connection.lanes ??= new Map()
    const { lanes } = connection
    if (++connection.waiting === waitingAtMost) connection.line.pause()
    const before = lanes.get(area)
    const mine: Promise<void> = (before ? before.then(act) : act()).finally(() => {
      if (connection.waiting-- === waitingAtMost) connection.line.resume()
      if (lanes.get(area) === mine) lanes.delete(area)
      if (lanes.size === 0) connection.lanes = undefined
    })
    lanes.set(area, mine)
  }

  async #handle(connection: Connection, receiver: Receiver, sent: Sent): Promise<void> {
    if (connection.isGone) return
    try {
      const answer: unknown = await receiver.handle(this.#callOf(connection, sent))
      if (sent.id === undefined) return
      if (!validatorOf(receiver.message.answer).Check(answer ?? {}))
        throw new TypeError(`The answer to ${sent.t} does not fit the catalogue.`)
      connection.send(`{"re":${JSON.stringify(sent.id)},"d":${JSON.stringify(answer ?? {})}}`)
    } catch (error) {
      this.#refuse(connection, sent.id ?? null, error, sent.t)
    }
  }

  #callOf(connection: Connection, { d }: Sent): SocketCall<unknown> {
    return {
      body: d,
      viewer: connection.viewer,
      connectionId: this.#idOf(connection),
      get signal() {
        return connection.signal
      },
    }
  }

  #refuse(connection: Connection, re: string | null, error: unknown, kind?: string): void {
    if (!(error instanceof Problem)) {
      this.figures.failed++
      this.#log.error('realtime.handler_failed', { kind, connection: this.#idOf(connection), error })
    } else this.figures.refused++
    connection.send(JSON.stringify({ re, problem: toRefusal(error) }))
    if (connection.isOutOfPatience(this.#nowMs(), patience)) connection.close(1008, 5_000 + Math.random() * 5_000)
  }
}

function limited(retryAfterMs: number): Problem {
  return new Problem('limited', 'socket.limited', { retryAfterMs: Math.ceil(retryAfterMs) })
}

function toRefusal(error: unknown): Refusal {
  if (!(error instanceof Problem)) return { kind: 'unavailable', code: 'http.something_broke' }
  const { kind, code, params, fields, retryAfterMs } = error
  return {
    kind,
    code,
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(fields.length > 0 ? { fields } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}
