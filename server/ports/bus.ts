import type { Json } from '#server/lib/json.ts'

/**
 * Fan-out between processes: every subscriber of a topic in every process gets each message at most once, in the order of one sender.
 * Messages are hints: they may be lost when the line breaks. Then `gap` is called once the line stands again, and whoever
 * keeps a copy of something must doubt it. Nothing is replayed. Left out: who listens, and an order between senders.
 */
export interface Bus {
  /**
   * Resolves when the message has left this process, or cannot; subscribers of this process have then been called. While the line is down
   * they alone hear it, and the others get their gap. Rejects only what is not JSON or is closed.
   */
  publish(topic: string, message: Json): Promise<void>
  /** What is heard is shared with other subscribers of this process: nobody changes it. A subscriber that throws is logged, the others hear on. */
  subscribe(topic: string, heard: (message: Json) => void, gap?: () => void): Promise<Subscription>
  close(): Promise<void>
}

export interface Subscription {
  end(): Promise<void>
}
