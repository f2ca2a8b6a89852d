import { toMessageText } from '#server/lib/message-text.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Live, PublishOptions } from '#server/ports/live.ts'
import { liveWords, type Wrapped } from '#server/ports/live-words.ts'
import type { ServerMessage } from '#shared/messages/message.ts'

/** Speaking needs no socket, hence every process can; those that hold sockets listen. */
export function createBusLive(parts: { bus: Bus }): Live {
  const { bus } = parts
  return {
    async publish(topic, message, body, options) {
      const wrapped = wrap(message, toMessageText(message, body), options)
      await liveWords.topic(topic).publish(bus, wrapped.key === undefined && wrapped.except === undefined ? wrapped.text : wrapped)
    },
    async tell(accountIds, message, body, options) {
      if (accountIds.length === 0) return
      await liveWords.people.publish(bus, { to: accountIds, ...wrap(message, toMessageText(message, body), options) })
    },
    async ring(accountIds) {
      if (accountIds.length > 0) await liveWords.rings.publish(bus, accountIds)
    },
    async evict(topic, accountId) {
      await liveWords.control.publish(bus, { do: 'evict', topic, accountId })
    },
  }
}

function wrap(message: ServerMessage, text: string, options: PublishOptions = {}): Wrapped {
  return {
    text,
    ...(message.delivery === 'latest' ? { key: `${message.kind}/${options.latestKey ?? ''}` } : {}),
    ...(options.except === undefined ? {} : { except: options.except }),
  }
}
