export type Letter = { to: string; subject: string; text: string }

/** Plain text only, to one person. Resolves when the next server has taken it over; rejects with `unavailable` when it has not. Left out: queueing, retrying. */
export interface Mail {
  send(letter: Letter): Promise<void>
  /** False where no mail server is configured: then pages do not offer what needs one. */
  readonly canSend: boolean
  close(): Promise<void>
}
