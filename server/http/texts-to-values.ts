import type { Shape } from './shapes.ts'

/**
 * Queries, path parameters and forms carry texts only. What the schema wants as a number, a truth value or a list is read as one where it
 * is written as one, to the letter; anything else stays a text, which validation then refuses by name.
 */
export function createReader(shape: Shape): ((texts: Record<string, unknown>) => Record<string, unknown>) | undefined {
  const readers = Object.entries((shape.properties ?? {}) as Record<string, Shape>).flatMap(([name, part]) => {
    const read = readerOf(part)
    return read ? [[name, read] as const] : []
  })
  if (readers.length === 0) return undefined
  return (texts) => {
    for (const [name, read] of readers) if (texts[name] !== undefined) texts[name] = read(texts[name])
    return texts
  }
}

function readerOf(shape: Shape): ((value: unknown) => unknown) | undefined {
  const types = Array.isArray(shape.type) ? shape.type : [shape.type]
  if (types.includes('array')) {
    const readItem = readerOf((shape.items ?? {}) as Shape) ?? ((value: unknown) => value)
    return (value) => (Array.isArray(value) ? value : [value]).map(readItem)
  }
  if (types.includes('string') || shape.enum) return undefined
  if (types.includes('integer') || types.includes('number')) return readNumber
  return types.includes('boolean') ? readBoolean : undefined
}

const readNumber = (value: unknown) =>
  typeof value === 'string' && /^-?(0|[1-9]\d{0,15})(\.\d{1,12})?$/.test(value) ? Number(value) : value

const readBoolean = (value: unknown) => (value === 'true' ? true : value === 'false' ? false : value)
