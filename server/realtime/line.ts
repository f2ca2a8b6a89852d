import type { CloseCode } from '#shared/messages/close-codes.ts'
import type { Payload } from './payload.ts'

/** What carries frames to one client: a WebSocket, or a stream of server-sent events. */
export interface Line {
  readonly way: 'websocket' | 'events'
  /** What the client has not taken yet. */
  readonly queuedBytes: number
  send(payload: Payload): void
  /** The same, and asks the client for a sign of life. */
  beat(payload: Payload): void
  /** Reads no more until `resume`: the sender has to wait. */
  pause(): void
  resume(): void
  /** `retryMs`: when to come back. Whoever does not say goodbye in return is cut off soon. */
  close(code: CloseCode, retryMs?: number): void
  /** At once, whatever is queued. */
  cut(): void
}

/** Whom a line calls. */
export interface LineOwner {
  /** One frame. */
  heard(text: string): void
  /** A sign of life. */
  lives(): void
  /** Everything that was queued has left. */
  drained(): void
  /** Always the last call, and the only one of its kind. */
  gone(): void
}
