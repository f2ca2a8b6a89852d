/** What is known of a key: nothing yet, so that the caller goes ahead; somebody is at it; or the answer of the first time. */
export type Beginning =
  | { state: 'first'; holder: string }
  | { state: 'running' }
  /** The same key came with another request before. */
  | { state: 'other' }
  | { state: 'known'; answer: string }

/**
 * The answers of calls that may be sent twice, by the caller's key: durable, so that the second time the first answer comes, from whichever process.
 * Promised: of many who begin at once with one key one is first. Not promised: that a call whose process died between its effect and `keep` is not
 * made again after the lease; such calls carry keys of their own in their rows.
 */
export interface Repeats {
  /** Whoever is first has `leaseMs`; afterwards the key is another's to take. Kept answers are forgotten after `lifeMs`. */
  begin(key: string, call: { fingerprint: string; leaseMs: number; lifeMs: number }): Promise<Beginning>
  keep(key: string, holder: string, answer: string): Promise<void>
  /** Nothing came of it: the next one is first again. */
  forget(key: string, holder: string): Promise<void>
}
