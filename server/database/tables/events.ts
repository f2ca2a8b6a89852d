export interface EventTables {
  event: EventTable
  event_head: EventHeadTable
  event_epoch: EventEpochTable
  socket_ticket: SocketTicketTable
}

/** The log of each person. Written by `appendEvent` alone. */
interface EventTable {
  account_id: string
  /** 1, 2, 3 … without a hole; the oldest ones are swept. */
  seq: number
  kind: string
  body: string
  created_ms: number
}

interface EventHeadTable {
  account_id: string
  last_seq: number
}

/** One row. Another number means that sequence numbers were dealt anew. */
interface EventEpochTable {
  id: number
  epoch: number
}

interface SocketTicketTable {
  /** SHA-256 of the ticket, base64url. */
  hash: string
  session_id: string
  expires_ms: number
}
