import { Type } from 'typebox'
import { openTopic, receive, type SocketDoor } from '../../../server/realtime/door.ts'
import { openRealtimeHouse, type RealtimeHouse } from '../../../server/testing/realtime-house.ts'
import { areas } from '../../../shared/messages/catalogue.ts'
import { exact, fromClient, fromServer, topic } from '../../../shared/messages/message.ts'
import { collectOnSignal } from './collect.ts'

// Matinee's realtime behind its HTTP server, with sessions, limits, a log for each person on SQLite, and everything checked.

const body = exact({ text: Type.String({ maxLength: 1000 }) })
const said = fromServer({ kind: 'bench.said', summary: 'Somebody said something.', body })
const say = fromClient({ kind: 'bench.say', summary: 'Says something to everybody.', body })
const room = topic('bench', 'Everybody.')

const door: SocketDoor = {
  area: 'bench',
  sends: [said],
  topics: [openTopic({ topic: room, access: 'person', mayEnter: async () => true })],
  receives: [
    receive(say, {
      access: 'person',
      limit: { count: 1_000, periodMs: 1_000 },
      async handle({ body: told }) {
        await house.first.live.publish('bench:room', said, told)
        return {}
      },
    }),
  ],
}

const house: RealtimeHouse = await openRealtimeHouse({ doors: [door], areas: { ...areas, bench: { said, say, room } }, isMeasured: true })
collectOnSignal()
console.log(`listening on ${house.first.port}`)
process.on('SIGTERM', () => void house[Symbol.asyncDispose]().then(() => process.exit(0)))
