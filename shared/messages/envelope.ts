/**
 * What stands in a frame. Frames are JSON text: from the client one message, from the server one or, gathered for some milliseconds, an array
 * of them. The version is the subprotocol; a ticket travels as a second subprotocol, because addresses end up in logs.
 */
export const subprotocol = 'matinee.1'
export const ticketPrefix = 'ticket.'

export type Sent = { t: string; d: unknown; id?: string }

/** `n` numbers an entry of the person's log. */
export type Told = { t: string; d: unknown; n?: number }
export type Answered = { re: string; d: unknown }

export type Refusal = {
  kind: string
  code: string
  params?: Record<string, string | number>
  fields?: { path: string; code: string; params?: Record<string, string | number> }[]
  retryAfterMs?: number
}

/** `re` is null where the message could not be read far enough to know its id. */
export type Refused = { re: string | null; problem: Refusal }

export type Received = Told | Answered | Refused
