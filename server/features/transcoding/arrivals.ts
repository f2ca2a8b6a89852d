import type { Bus, Subscription } from '#server/ports/bus.ts'

const topic = 'transcoding.arrived'

export type Ear = AsyncDisposable & {
  /** Resolves at the next word of it, or when a word may have been missed. */
  heard(): Promise<void>
}

export type Arrivals = ReturnType<typeof createArrivals>

/** Who waits for a cell is woken when it is there: a hint, so they look for themselves, and now and then unasked. */
export function createArrivals(bus: Pick<Bus, 'publish' | 'subscribe'>) {
  const waiting = new Map<string, Set<() => void>>()
  let subscription: Promise<Subscription> | undefined

  const wake = (name: string) => {
    for (const heard of waiting.get(name) ?? []) heard()
  }
  const wakeAll = () => {
    for (const name of waiting.keys()) wake(name)
  }
  const subscribe = () =>
    (subscription ??= bus.subscribe(
      topic,
      (message) => {
        if (typeof message === 'string') wake(message)
      },
      wakeAll,
    ))

  return {
    tell: (name: string): Promise<void> => bus.publish(topic, name),

    async listen(name: string): Promise<Ear> {
      await subscribe()
      let next = Promise.withResolvers<void>()
      const heard = () => {
        next.resolve()
        next = Promise.withResolvers()
      }
      const ears = waiting.get(name) ?? new Set()
      waiting.set(name, ears.add(heard))
      return {
        heard: () => next.promise,
        [Symbol.asyncDispose]: async () => {
          ears.delete(heard)
          if (ears.size === 0) waiting.delete(name)
        },
      }
    },

    [Symbol.asyncDispose]: async () => await (await subscription)?.end(),
  }
}
