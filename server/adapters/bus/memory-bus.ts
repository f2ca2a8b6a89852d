import type { Json } from '#server/lib/json.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Log } from '#server/ports/log.ts'
import { Listeners } from './listeners.ts'

export function createMemoryBus(parts: { log: Log }): Bus {
  const listeners = new Listeners(parts.log)
  let isClosed = false
  return {
    async publish(topic, message) {
      if (isClosed) throw new Error('The bus is closed.')
      // A copy, as a line would make one: what the sender changes afterwards has not been said.
      if (listeners.has(topic)) listeners.call(topic, typeof message === 'object' ? (JSON.parse(JSON.stringify(message)) as Json) : message)
    },
    async subscribe(topic, heard, gap) {
      if (isClosed) throw new Error('The bus is closed.')
      const remove = listeners.add(topic, { heard, gap })
      return { end: async () => remove() }
    },
    async close() {
      isClosed = true
      listeners.clear()
    },
  }
}
