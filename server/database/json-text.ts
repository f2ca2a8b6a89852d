import type { Json } from '#server/lib/json.ts'

/** A JSON column is text to the database: these two are the only way in and out. */
export function toJson(value: Json): string {
  return JSON.stringify(value)
}

/** As it was written by `toJson`; `otherwise` where the column is null. */
export function fromJson<T extends Json>(text: string | null, otherwise: T): T {
  return text === null ? otherwise : (JSON.parse(text) as T)
}
