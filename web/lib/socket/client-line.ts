import type { Sent } from '#shared/messages/envelope.ts'
import type { Environment } from './environment.ts'

/** Where a line is to be opened, and as whom. */
export type Dialling = {
  environment: Environment
  /** Scheme and host of the house; the page's own, unless told. */
  origin: string
  /** One line a tab. */
  tab: string
  /** `epoch:seq`: where the log goes on. */
  since: string | undefined
  /** A fresh one for each WebSocket, where there is no cookie. */
  ticket: (() => Promise<string>) | undefined
  /** For what goes by HTTP, where there is no cookie. */
  bearer: string | undefined
  language: string | undefined
}

/** How a line ended. `refused`: before the first message; `isOver`: there is no point in coming back. */
export type Ending = { code: number; retryMs: number | undefined; refused: boolean; isOver: boolean }

export type LineEvents = {
  /** One frame. */
  heard(text: string): void
  ended(ending: Ending): void
}

export interface ClientLine {
  readonly way: 'websocket' | 'events'
  send(message: Sent): void
  /** Without a call of `ended`. */
  close(): void
}
