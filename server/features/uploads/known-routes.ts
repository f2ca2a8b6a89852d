import { Type } from 'typebox'
import { type Route, route } from '#server/http/route.ts'
import { exact } from '#shared/messages/message.ts'
import type { Known } from './known.ts'

const area = 'Uploads'
const params = exact({ taskId: Type.String({ pattern: '^[0-9]{1,15}$' }) })
const hex = (digits: number) => Type.String({ pattern: `^[0-9a-fA-F]{${digits}}$` })
const limits = [{ name: 'upload-known', limit: { count: 120, periodMs: 3_600_000 }, per: 'person' as const }]

/** For clients of Matinee's own uploads that need not send what is here already. */
export function knownRoutes(known: Known): Route[] {
  return [
    route({
      method: 'POST',
      path: '/uploads/:taskId/known',
      area,
      summary:
        'Says which file an upload is of, and is asked for ranges of it. An MD5 finds one’s own films, a SHA-256 everybody’s; whether there is one is not told.',
      access: 'person',
      params,
      body: exact({ fileMd5: Type.Optional(hex(32)), fileSha256: Type.Optional(hex(64)) }),
      answers: {
        200: exact({
          state: Type.Literal('prove'),
          challenge: Type.String(),
          ranges: Type.Array(exact({ startByte: Type.Integer(), endByte: Type.Integer() })),
        }),
      },
      limits,
      async handle({ viewer, params: { taskId }, body: { fileMd5, fileSha256 } }) {
        const claim = {
          ...(fileMd5 === undefined ? {} : { fileMd5: fileMd5.toLowerCase() }),
          ...(fileSha256 === undefined ? {} : { fileSha256: fileSha256.toLowerCase() }),
        }
        const { challenge, ranges } = await known.ask(viewer, Number(taskId), claim)
        const told = ranges.map(({ start, end }) => ({ startByte: start, endByte: end }))
        return { status: 200, body: { state: 'prove' as const, challenge, ranges: told } }
      },
    }),
    route({
      method: 'POST',
      path: '/uploads/:taskId/proof',
      area,
      summary: 'The SHA-256, in hex, of the challenge and the bytes of its ranges in their order. `done`: nothing needs to be sent.',
      access: 'person',
      params,
      body: exact({ challenge: Type.String({ maxLength: 1000 }), sha256: hex(64) }),
      answers: { 200: exact({ state: Type.Enum(['done', 'refused']) }) },
      limits,
      async handle({ viewer, params: { taskId }, body }) {
        const isDone = await known.prove(viewer, Number(taskId), { challenge: body.challenge, sha256: body.sha256.toLowerCase() })
        return { status: 200, body: { state: isDone ? ('done' as const) : ('refused' as const) } }
      },
    }),
  ]
}
