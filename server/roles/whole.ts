import type { Features } from '#server/compose/features.ts'
import type { Route } from '#server/http/route.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { SocketDoor } from '#server/realtime/door.ts'
import { api } from './api.ts'

/** Every route of the program, whoever plays its role: for the documents, which are the same in every process. None is called here. */
export const everyRoute = (features: Features, clock: Clock): Route[] => [
  ...api(features).routes,
  ...features.uploads.doors.routes,
  ...features.streaming.doors.routes,
  ...features.events.doors.streamRoutes({ openStream: elsewhere, post: elsewhere }),
  ...messageRoutes(features, clock),
]

/** The doors of sockets, opened or only described. */
export const socketDoors = ({ videos, notices, uploads }: Features): SocketDoor[] => [
  videos.doors.sockets,
  notices.doors.sockets,
  uploads.doors.sockets,
]

/** What describes them is loaded when somebody asks: most processes of the API hold no socket. */
export const messageRoutes = (features: Features, clock: Clock): Route[] =>
  features.events.doors.catalogueRoutes(async () => {
    const { describeDoors } = await import('#server/realtime/describe.ts')
    return describeDoors(socketDoors(features), clock)
  })

async function elsewhere(): Promise<never> {
  throw new Error('a route that is only described was called')
}
