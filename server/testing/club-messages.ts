import { Type } from 'typebox'
import { openTopic, receive, type SocketDoor } from '#server/realtime/door.ts'
import { areas } from '#shared/messages/catalogue.ts'
import { exact, fromClient, fromServer, topic } from '#shared/messages/message.ts'

// A feature as tests need it: something said to a room, something of the moment, something that lasts, and something asked.

export const said = fromServer({
  kind: 'club.said',
  summary: 'Somebody said something.',
  body: exact({ text: Type.String(), by: Type.String() }),
})
export const moved = fromServer({
  kind: 'club.moved',
  summary: 'Somebody is somewhere else now.',
  body: exact({ who: Type.String(), at: Type.Number() }),
  delivery: 'latest',
})
export const noted = fromServer({ kind: 'club.noted', summary: 'To be known.', body: exact({ what: Type.Integer() }), delivery: 'logged' })
const ask = fromClient({
  kind: 'club.ask',
  summary: 'Says it back.',
  body: exact({ text: Type.String({ maxLength: 2000 }), waitMs: Type.Optional(Type.Integer()), fault: Type.Optional(Type.Boolean()) }),
  answer: exact({ text: Type.String() }),
})
const speak = fromClient({
  kind: 'club.speak',
  summary: 'Says something to a room.',
  body: exact({ room: Type.String({ maxLength: 40 }), text: Type.String({ maxLength: 2000 }) }),
})
const govern = fromClient({ kind: 'club.govern', summary: 'Does what moderators do.', body: exact({}) })
const room = topic('club', 'A room of the club.')
const hall = topic('club-hall', 'A room where one sees who is there.')

export const clubAreas = { ...areas, club: { said, moved, noted, ask, speak, govern, room, hall } }

/** `banned` may not enter rooms; `closed` is a room for nobody. */
export function clubDoor(banned: ReadonlySet<string> = new Set()): SocketDoor {
  const mayEnter = async (viewer: { kind: string; accountId?: string }, id: string) =>
    id !== 'closed' && !banned.has(viewer.accountId ?? '')
  return {
    area: 'club',
    sends: [said, moved, noted],
    topics: [
      openTopic({ topic: room, access: 'anyone', mayEnter }),
      openTopic({ topic: hall, access: 'anyone', mayEnter, presence: 'people' }),
    ],
    receives: [
      receive(ask, {
        access: 'person',
        limit: { count: 100, periodMs: 1_000 },
        async handle({ body }) {
          if (body.waitMs) await new Promise((resolve) => setTimeout(resolve, body.waitMs))
          if (body.fault) throw new Error('a fault of ours')
          return { text: body.text }
        },
      }),
      receive(govern, { access: { role: 'moderator' }, limit: { count: 100, periodMs: 1_000 }, handle: async () => ({}) }),
      receive(speak, { access: 'person', limit: { count: 1, periodMs: 60_000, burst: 3 }, handle: async () => ({}) }),
    ],
  }
}
