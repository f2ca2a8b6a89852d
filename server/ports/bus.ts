import type { Json } from '#server/lib/json.ts'

/**
 * Fan-out between processes: every subscriber of a topic in every process gets each message at most once, in the order of one sender.
 * Messages are hints: they may be lost when the line breaks. Then `gap` is called once the line stands again, and whoever
 * keeps a copy of something must doubt it. Nothing is replayed.
 */
export interface Bus {
  /** Resolves when the message has left this process; subscribers of this process have then been called. */
  publish(topic: string, message: Json): Promise<void>
  subscribe(topic: string, heard: (message: Json) => void, gap?: () => void): Promise<Subscription>
  close(): Promise<void>
}

export interface Subscription {
  end(): Promise<void>
}
