import { type Static, type TSchema, Type } from 'typebox'
import { languages } from '../language.ts'

/** Twenty characters of our own making; sorts by birth. */
export const Id = Type.String({ pattern: '^[0-9a-z]{20}$', description: 'An id: 20 characters, sorted by time of birth.' })

/** A moment: RFC 3339 in UTC, with milliseconds. */
export const Moment = Type.String({ format: 'date-time', description: 'A moment in UTC, RFC 3339.' })

export const LanguageTag = Type.Enum([...languages])

/** An IANA name, such as `Asia/Taipei`. */
export const TimeZone = Type.String({ minLength: 1, maxLength: 64, description: 'An IANA time zone.' })

const typedName = { maxLength: 64, description: 'A name as people type it, in any script: 2 to 32 letters, digits and the signs . _ -' }

export const Username = Type.String({ minLength: 1, ...typedName })
/** A name, or a password, that is chosen now is judged as a whole: also an empty one, so that every wrong field of a form is named at once. */
export const NewUsername = Type.String(typedName)

/** What a person chose long ago is only compared; what is chosen now is also weighed (see `NewPassword`). */
export const Password = Type.String({ minLength: 1, maxLength: 256 })
export const NewPassword = Type.String({ maxLength: 256, description: 'At least 8 characters, and none of the common ones.' })

/** The same schema, or null. Written as a list of types, so that serializers stay fast. */
export function nullable<T extends TSchema>(schema: T) {
  const { type, enum: values } = schema as { type?: string; enum?: unknown[] }
  if (values !== undefined) return Type.Unsafe<Static<T> | null>({ ...schema, enum: [...values, null] })
  if (type === undefined) return Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [type, 'null'] })
}

/** A list in pages: `nextCursor` goes into `?cursor=` for the next one, and is null on the last. */
export function page<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), nextCursor: nullable(Type.String()) })
}
export type Page<T> = { items: T[]; nextCursor: string | null }

export const PageQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 512 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
})
export type PageQuery = Static<typeof PageQuery>

export const IdParams = Type.Object({ id: Id })

/** RFC 9457. `code` is stable; `title` and `detail` are for people, in their language. */
export const ProblemBody = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  code: Type.String(),
  fields: Type.Optional(
    Type.Array(
      Type.Object({
        path: Type.String(),
        code: Type.String(),
        detail: Type.Optional(Type.String()),
      }),
    ),
  ),
  requestId: Type.Optional(Type.String()),
})
export type ProblemBody = Static<typeof ProblemBody>
