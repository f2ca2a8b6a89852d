import { closeCodes } from '#shared/messages/close-codes.ts'
import { subprotocol } from '#shared/messages/envelope.ts'
import { receiveLimits } from './parsers.ts'
import { areas } from '#shared/messages/catalogue.ts'
import type { Clock } from '#server/ports/clock.ts'
import { type Catalogue, createCatalogue } from './catalogue.ts'
import type { SocketDoor } from './door.ts'
import { socketDoor } from './socket-door.ts'

/** The same where nobody is connected: by the doors alone. */
export function describeDoors(doors: readonly SocketDoor[], clock: Clock): CatalogueDocument {
  const nobody = () => {
    throw new Error('nobody is connected here')
  }
  const own = socketDoor({ topics: nobody, logs: nobody, connectionOf: nobody, clock })
  return describeCatalogue(createCatalogue([own, ...doors], areas))
}

/** The catalogue as a document: what a native client is written from. */
export function describeCatalogue({ doors }: Pick<Catalogue, 'doors'>) {
  return {
    protocol: subprotocol,
    frames: {
      fromClient: 'One message as JSON text: {"t": kind, "d": body, "id"?: text of up to 64 characters}. With an id it is answered.',
      fromServer: 'One message, or an array of messages that were gathered for some milliseconds.',
      told: '{"t": kind, "d": body, "n"?: number} — n numbers an entry of your log.',
      answered: '{"re": id, "d": answer}',
      refused: '{"re": id or null, "problem": {kind, code, params?, fields?, retryAfterMs?}}',
      limits: { bytes: receiveLimits.maxPayload, fragments: receiveLimits.maxFragments, depth: 8 },
    },
    closeCodes: Object.entries(closeCodes).map(([code, { name, again, summary }]) => ({ code: Number(code), name, again, summary })),
    topics: doors.flatMap(({ area, topics }) =>
      topics.map(({ topic, access, presence }) => ({
        name: `${topic.topic}:{id}`,
        area,
        summary: topic.summary,
        access,
        presence: presence ?? 'none',
      })),
    ),
    messages: doors.flatMap(({ area, receives, sends }) => [
      ...receives.map(({ message: { kind, summary, body, answer, repeatable }, access, limit }) => ({
        kind,
        area,
        from: 'client' as const,
        summary,
        access,
        limit,
        repeatable,
        body,
        answer,
      })),
      ...sends.map(({ kind, summary, body, delivery }) => ({ kind, area, from: 'server' as const, summary, delivery, body })),
    ]),
  }
}

export type CatalogueDocument = ReturnType<typeof describeCatalogue>
