import type { Clock } from '#server/ports/clock.ts'
import * as socket from '#shared/messages/socket.ts'
import type { Connection } from './connection.ts'
import { receive, type SocketDoor } from './door.ts'
import type { Logs } from './logs.ts'
import type { Topics } from './topics.ts'

/** What every socket understands. */
export function socketDoor(parts: {
  topics: () => Topics
  logs: () => Logs
  clock: Clock
  connectionOf: (connectionId: string) => Connection | undefined
}): SocketDoor {
  const { topics, logs, clock, connectionOf } = parts
  return {
    area: 'socket',
    topics: [],
    sends: [socket.welcome, socket.heads, socket.reset, socket.gap, socket.left, socket.presence, socket.goodbye],
    receives: [
      receive(socket.subscribe, {
        access: 'anyone',
        limit: { count: 10, periodMs: 1_000, burst: 120 },
        async handle({ body, connectionId }) {
          const connection = connectionOf(connectionId)
          if (connection) await topics().enter(connection, body.topic)
          return { topic: body.topic }
        },
      }),
      receive(socket.unsubscribe, {
        access: 'anyone',
        limit: { count: 10, periodMs: 1_000, burst: 120 },
        async handle({ body, connectionId }) {
          const connection = connectionOf(connectionId)
          if (connection) topics().leave(connection, body.topic)
          return {}
        },
      }),
      receive(socket.resume, {
        access: 'person',
        limit: { count: 6, periodMs: 60_000 },
        async handle({ body, connectionId }) {
          const connection = connectionOf(connectionId)
          if (connection) await logs().resume(connection, body)
          return {}
        },
      }),
      receive(socket.ping, {
        access: 'anyone',
        limit: { count: 10, periodMs: 1_000, burst: 20 },
        async handle({ body }) {
          return { sent: body.sent, now: clock.now() }
        },
      }),
    ],
  }
}
