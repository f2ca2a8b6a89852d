import type { Static, TSchema } from 'typebox'
import type { ServerMessage } from '#shared/messages/message.ts'

/**
 * What is said to whoever is connected at this moment, to whichever process: at most once, in the order of one sender on one topic. Hints, never
 * truth. What must arrive is an entry of a person's log, written with what it tells (`appendEvent`), and `ring` only wakes its readers.
 * Left out: whether anybody heard it.
 */
export interface Live {
  /** To all who are subscribed to `topic` (`name:id`). */
  publish<B extends TSchema>(
    topic: string,
    message: ServerMessage<string, B, 'live' | 'latest'>,
    body: Static<B>,
    options?: PublishOptions,
  ): Promise<void>
  /** To all devices of these people. */
  tell<B extends TSchema>(
    accountIds: readonly string[],
    message: ServerMessage<string, B, 'live' | 'latest'>,
    body: Static<B>,
    options?: PublishOptions,
  ): Promise<void>
  /** Their logs have grown. To be called after the commit; forgotten or lost, they read it within 20 seconds all the same. */
  ring(accountIds: readonly string[]): Promise<void>
  /** Ends subscriptions: of one person, or of all; who may still enter may come back. */
  evict(topic: string, accountId: string | 'everybody'): Promise<void>
}

/** `latestKey`: what the newest replaces, for `latest` messages; the kind alone unless told. `except`: a connection that knows already. */
export type PublishOptions = { latestKey?: string; except?: string }

/** Who is connected, over all processes, as far as this one has heard: right within a minute, mostly within a moment. */
export interface Presence {
  /** A person stays for ten seconds after the last line broke. */
  isHere(accountId: string): boolean
  /** On how many lines at this moment. */
  devices(accountId: string): number
  /** The persons on a topic. */
  people(topic: string): readonly string[]
  /** Called with each person who comes or goes. */
  onChange(changed: (accountId: string, isHere: boolean) => void): { end(): void }
}

/** The side of whoever holds lines. */
export interface PresenceKeeper extends Presence {
  /** One line more, or less, of this process: on a topic, or on none. */
  add(topic: string | undefined, accountId: string): void
  remove(topic: string | undefined, accountId: string): void
  onTopicChange(changed: (topic: string, accountId: string, isHere: boolean) => void): { end(): void }
  close(): Promise<void>
}
