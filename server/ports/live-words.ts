import type { Json } from '#server/lib/json.ts'
import type { Bus, Subscription } from './bus.ts'

// What realtime processes say to each other, and what every process says to them.

/** A message ready to be framed; `key`: only the newest with it counts; `except`: a connection that knows already. */
export type Wrapped = { text: string; key?: string; except?: string }

export type Told = Wrapped & { to: readonly string[] }

export type Control = { do: 'evict'; topic: string; accountId: string } | { do: 'replace'; accountId: string; tab: string; by: string }

/** What came by POST for a connection that another process holds. */
export type Posted = { connection: string; sender: string; texts: readonly string[] }

/** `i` counts what a node has said, so that a loss is seen. `whole`: the first part of everything, otherwise what has changed. */
export type PresenceWord =
  | { node: string; i: number; counts: readonly [scope: string, accountId: string, count: number][]; whole?: boolean }
  | { node: string; bye: true }
  | { ask: string }

export const liveWords = {
  topic: (name: string) => wordOf<string | Wrapped>(`live:${name}`),
  people: wordOf<Told>('live-people'),
  rings: wordOf<readonly string[]>('live-rings'),
  control: wordOf<Control>('live-control'),
  inbox: (node: string) => wordOf<Posted>(`live-inbox:${node}`),
  presence: wordOf<PresenceWord>('live-presence'),
}

/** A topic of the bus with the shape of what is said on it. Only our own processes speak there, hence no check. */
function wordOf<T>(name: string) {
  return {
    publish: (bus: Bus, word: T): Promise<void> => bus.publish(name, word as Json),
    subscribe: (bus: Bus, heard: (word: T) => void, gap?: () => void): Promise<Subscription> =>
      bus.subscribe(name, (message) => heard(message as T), gap),
  }
}
