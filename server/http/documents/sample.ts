import type { Schema } from './described.ts'

/** A value that the schema allows, the same each time: what an answer looks like when nobody has written an example. */
export function sampleOf(schema: Schema | undefined, name = ''): unknown {
  if (!schema) return undefined
  const { default: fallback, examples, const: only, enum: choices, anyOf, allOf } = schema as Record<string, unknown[] | undefined> & Schema
  if (Array.isArray(examples)) return examples[0]
  if (fallback !== undefined) return fallback
  if (only !== undefined) return only
  if (Array.isArray(choices)) return choices[0]
  if (Array.isArray(anyOf)) return sampleOf(anyOf[0] as Schema, name)
  if (Array.isArray(allOf)) return allOf.reduce<object>((whole, part) => ({ ...whole, ...(sampleOf(part as Schema, name) as object) }), {})
  const type: unknown = Array.isArray(schema.type) ? (schema.type as unknown[])[0] : schema.type
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(([key, part]) => [key, sampleOf(part, key)]),
      )
    case 'array':
      return schema.items ? [sampleOf(schema.items as Schema, name)] : []
    case 'integer':
    case 'number':
      return wholeNear(schema, name)
    case 'boolean':
      return true
    case 'string':
      return textFor(schema, name)
    default:
      return {}
  }
}

function wholeNear({ minimum, maximum }: Schema, name: string): number {
  const wish = /ms$/i.test(name) ? 5_400_000 : /size|bytes/i.test(name) ? 1_048_576 : 3
  const least = typeof minimum === 'number' ? minimum : -Infinity
  const most = typeof maximum === 'number' ? maximum : Infinity
  return Math.min(Math.max(wish, least), most)
}

const known: Readonly<Record<string, string>> = {
  username: '林小美',
  displayName: '林小美',
  password: 'seven lanterns by the sea',
  newPassword: 'nine lanterns by the lake',
  title: 'The Night Train to Taipei',
  text: 'That last scene!',
  language: 'zh-TW',
  timeZone: 'Asia/Taipei',
  unconfirmedEmail: 'mei@cinema.example',
  email: 'mei@cinema.example',
  token: 'eyJhbGciOi…',
  cursor: 'WyJuZXdlc3QiLDE3…',
}

function textFor({ format, pattern, minLength, maxLength }: Schema, name: string): string {
  if (format === 'date-time') return '2026-11-21T19:30:00.000Z'
  if (format === 'uri') return 'https://cinema.example/'
  if (format === 'email') return 'mei@cinema.example'
  if (pattern === '^[0-9a-z]{20}$' || /^id$|Id$/.test(name)) return '01kf3m9qv7x2c8d4w6t0'
  const text = known[name] ?? (name === '' ? 'text' : name)
  const least = typeof minLength === 'number' ? minLength : 0
  const most = typeof maxLength === 'number' ? maxLength : text.length
  return text.padEnd(least, text === '' ? 'x' : text).slice(0, Math.max(most, least))
}
