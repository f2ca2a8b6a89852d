import type { ServerResponse } from 'node:http'
import type { Clock } from '#server/ports/clock.ts'
import type { CloseCode } from '#shared/messages/close-codes.ts'
import { goodbye } from '#shared/messages/socket.ts'
import { toMessageText } from '#server/lib/message-text.ts'
import type { Line, LineOwner } from './line.ts'
import { Payload } from './payload.ts'

const goodbyeMs = 3_000

/** Server-sent events, for where WebSockets do not pass. What the client says comes by POST. */
export class EventStreamLine implements Line {
  readonly way = 'events'
  readonly #response: ServerResponse
  readonly #clock: Clock
  #owner: LineOwner | undefined
  #isOpen = true

  constructor(response: ServerResponse, clock: Clock) {
    this.#response = response
    this.#clock = clock
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // no-transform: who compresses holds events back. X-Accel-Buffering: the same word to Nginx.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    // Proxies that look at the first bytes before they pass them on get something to look at.
    response.write(`:${' '.repeat(2048)}\n\n`)
  }

  open(owner: LineOwner): void {
    this.#owner = owner
    this.#response.on('drain', () => this.#owner?.drained())
    this.#response.on('error', () => this.cut())
    this.#response.on('close', () => this.#gone())
    if (this.#response.destroyed) this.#gone()
  }

  get queuedBytes(): number {
    return this.#response.writableLength
  }

  send(payload: Payload): void {
    if (this.#isOpen) this.#response.write(payload.event)
  }

  beat(payload: Payload): void {
    this.send(payload)
  }

  // The next POST is taken when the last one has been handled: nothing to hold back here.
  pause(): void {}
  resume(): void {}

  close(code: CloseCode, retryMs?: number): void {
    if (!this.#isOpen) return
    this.send(new Payload(toMessageText(goodbye, retryMs === undefined ? { code } : { code, retryMs: Math.round(retryMs) })))
    this.#isOpen = false
    this.#response.end()
    this.#clock.after(goodbyeMs, () => this.cut())
  }

  cut(): void {
    this.#isOpen = false
    this.#response.destroy()
  }

  #gone(): void {
    this.#isOpen = false
    const owner = this.#owner
    this.#owner = undefined
    owner?.gone()
  }
}
