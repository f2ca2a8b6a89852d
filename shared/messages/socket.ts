import { Type } from 'typebox'
import { exact, fromClient, fromServer } from './message.ts'

const seq = Type.Integer({ minimum: 0 })
const epoch = Type.Integer({ minimum: 0 })
const topicName = Type.String({ minLength: 3, maxLength: 128, pattern: '^[a-z][a-z-]*:[A-Za-z0-9_.-]+$' })

// What every socket speaks, whatever runs on it.

export const subscribe = fromClient({
  kind: 'socket.subscribe',
  summary: 'Hear what is said on a topic. Everything published after the answer arrives.',
  body: exact({ topic: topicName }),
  answer: exact({ topic: topicName }),
  repeatable: true,
})

export const unsubscribe = fromClient({
  kind: 'socket.unsubscribe',
  summary: 'Hear no more of a topic.',
  body: exact({ topic: topicName }),
  repeatable: true,
})

export const resume = fromClient({
  kind: 'socket.resume',
  summary: 'Send again what follows entry `seq` of my log: a hole was seen.',
  body: exact({ epoch, seq }),
  repeatable: true,
})

export const ping = fromClient({
  kind: 'socket.ping',
  summary: 'Is the line whole, and what time is it there?',
  body: exact({ sent: Type.Number() }),
  answer: exact({ sent: Type.Number(), now: Type.Number() }),
  repeatable: true,
})

export const welcome = fromServer({
  kind: 'socket.welcome',
  summary:
    'The first message. `seq` is the newest entry of the log; with `resumed` everything after what the client has follows, without it nothing older comes.',
  body: exact({ connection: Type.String(), epoch, seq, resumed: Type.Boolean(), now: Type.Number() }),
})

export const heads = fromServer({
  kind: 'socket.heads',
  summary:
    'The newest entry of the log, said every 20 seconds. Who has less asks with socket.resume; who hears nothing for 45 seconds has lost the line.',
  body: exact({ epoch, seq }),
})

export const reset = fromServer({
  kind: 'socket.reset',
  summary: 'The log cannot be continued from where the client is. Load everything anew; the log goes on after `seq`.',
  body: exact({ epoch, seq, why: Type.Enum(['epoch', 'too_far', 'ahead']) }),
})

export const gap = fromServer({
  kind: 'socket.gap',
  summary: 'Messages of this topic may have been lost between our processes. Load its state anew.',
  body: exact({ topic: topicName }),
})

export const left = fromServer({
  kind: 'socket.left',
  summary: 'The subscription was ended by the server.',
  body: exact({ topic: topicName, why: Type.Enum(['evicted', 'forbidden']) }),
})

export const presence = fromServer({
  kind: 'socket.presence',
  summary: 'Who is on a topic: persons, however many devices each has. `whole` replaces what was known, otherwise it is what changed.',
  body: exact({
    topic: topicName,
    count: Type.Integer({ minimum: 0 }),
    whole: Type.Boolean(),
    joined: Type.Array(Type.String()),
    gone: Type.Array(Type.String()),
  }),
})

export const goodbye = fromServer({
  kind: 'socket.goodbye',
  summary: 'The last message where the line itself cannot carry a close code (server-sent events).',
  body: exact({ code: Type.Integer(), retryMs: Type.Optional(Type.Integer({ minimum: 0 })) }),
})
