import { randomBytes } from 'node:crypto'
import type { Json } from '#server/lib/json.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Log } from '#server/ports/log.ts'
import { LineDown } from '../redis/errors.ts'
import type { RedisKeys } from '../redis/keys.ts'
import type { RedisLine } from '../redis/line.ts'
import { Listeners } from './listeners.ts'

const gapMark = '!'
/** Topics in which something of ours was lost. More than this, and all are doubted. */
const mostOwed = 1000

/**
 * Publish and subscribe of Redis. A process hears itself directly, whatever the line does; an envelope names the sender, so that its echo is left out.
 * What could not be sent is not sent later, but those whose own line never broke are told that they missed something.
 */
export async function openRedisBus(parts: { line: RedisLine; keys: RedisKeys; log: Log }): Promise<Bus> {
  const { line, keys, log } = parts
  const self = randomBytes(6).toString('base64url')
  const listeners = new Listeners(log)
  const owed = new Set<string>()
  let hasOverflown = false
  let isClosed = false

  const hear = (topic: string) => (message: string) => {
    const end = message.indexOf('\n')
    if (message.slice(0, end) === self) return
    const body = message.slice(end + 1)
    if (body === gapMark) return listeners.gap(topic)
    try {
      listeners.call(topic, JSON.parse(body) as Json)
    } catch (error) {
      log.error('bus.message_unreadable', { topic, error })
    }
  }

  const owe = (topic: string) => {
    if (owed.size < mostOwed) owed.add(topic)
    else hasOverflown = true
  }

  const payGaps = async () => {
    const topics = hasOverflown ? [allTopics, ...owed] : [...owed]
    owed.clear()
    hasOverflown = false
    for (const topic of topics) {
      await line.send(['PUBLISH', keys.busChannel(topic), `${self}\n${gapMark}`]).catch(() => owe(topic))
    }
  }

  await line.join(keys.busChannel(allTopics), (message) => {
    if (!message.startsWith(`${self}\n`)) listeners.gapAll()
  })
  const stopListening = line.onUp(({ isNew }) => {
    if (isNew) listeners.gapAll()
    payGaps().catch((error) => log.error('bus.gap_not_told', { error }))
  })

  return {
    async publish(topic, message) {
      if (isClosed) throw new Error('The bus is closed.')
      const body = JSON.stringify(message)
      if (body === undefined) throw new TypeError('A message of the bus is JSON.')
      if (listeners.has(topic)) listeners.call(topic, JSON.parse(body) as Json)
      try {
        await line.send(['PUBLISH', keys.busChannel(topic), `${self}\n${body}`])
      } catch (error) {
        if (!(error instanceof LineDown)) throw error
        owe(topic)
      }
    },
    async subscribe(topic, heard, gap) {
      if (isClosed) throw new Error('The bus is closed.')
      const isFirst = !listeners.has(topic)
      const remove = listeners.add(topic, { heard, gap })
      if (isFirst) await line.join(keys.busChannel(topic), hear(topic))
      return {
        async end() {
          remove()
          if (!listeners.has(topic)) await line.leave(keys.busChannel(topic))
        },
      }
    },
    async close() {
      isClosed = true
      stopListening()
      const topics = listeners.topics()
      listeners.clear()
      for (const topic of [...topics, allTopics]) await line.leave(keys.busChannel(topic))
    },
  }
}

/** No topic of a feature is named so. */
const allTopics = '*'
