import { type Entries, everybody, people } from '../entry.ts'
import type { Stage, Who } from '../stage.ts'

/** By a session of its own, for what ends sessions. */
export const again = async (stage: Stage, { somebody }: Who) => (somebody ? { as: await stage.again(somebody) } : {})

export const sessionEntries: Entries = {
  'DELETE /session': { answers: people(204), send: again },
  'POST /session/token': {
    answers: people(200),
    send: again,
  },
  'GET /sessions': { answers: people(200) },
  'DELETE /sessions': {
    answers: people(204),
    async send(stage, who) {
      const sent = await again(stage, who)
      // The session that asks is the only one left.
      return { ...sent, after: ({ status }) => void (status === 204 && Object.assign(who.somebody ?? {}, sent.as)) }
    },
  },
  'DELETE /sessions/:id': {
    // Only the keeper's own session is there; to all others it is as if it were not.
    answers: { ...people(404), keeper: 204 },
    async send(stage) {
      const other = stage.people.keeper && (await stage.again(stage.people.keeper))
      const { items } = await stage.as<{ items: { id: string; isThisOne: boolean }[] }>(other, 'GET', '/sessions')
      return { params: { id: items.find(({ isThisOne }) => isThisOne)?.id ?? '' } }
    },
  },
  'POST /socket-tickets': { answers: people(201) },
  'GET /messages.json': { answers: everybody(200) },
  'GET /socket': { answers: everybody(426) },
  'GET /events/stream': { answers: everybody(200), isEndless: true },
  // Another process may hold that line: what comes there for nobody is dropped.
  'POST /events/send': { answers: everybody(202), send: () => ({ body: { connection: `${'0'.repeat(20)}.1`, messages: [{}] } }) },
}
