import type { Features } from '#server/compose/features.ts'
import type { Config } from '#server/config/keys.ts'
import { createRealtime } from '#server/realtime/realtime.ts'
import type { Guards } from '#server/realtime/handshake.ts'
import type { Role } from './role.ts'
import { socketDoors } from './whole.ts'

/** The WebSocket, and what stands in for it. */
export const realtime: Role = async (features, { ground, config }) => {
  const { bus, clock, log, presence } = ground
  const { events, sessions } = features
  const opened = await createRealtime({
    doors: socketDoors(features),
    guards: guardsOf(features, config),
    sessions,
    events: events.log,
    presence,
    bus,
    clock,
    log,
  })
  return {
    routes: events.doors.streamRoutes(opened),
    onUpgrade: opened.onUpgrade,
    drain: opened.drain,
    close: async () => opened[Symbol.asyncDispose](),
  }
}

function guardsOf({ events, sessions }: Features, config: () => Config): Guards {
  return {
    async redeem(ticket, from) {
      const sessionId = await events.takeTicket(ticket)
      return sessionId === undefined ? undefined : sessions.recall(sessionId, { via: 'bearer', stranger: { kind: 'stranger', ...from } })
    },
    isFriendlyOrigin: (origin) => config().http.corsOrigins.includes(origin),
    admitsStrangers: true,
  }
}
