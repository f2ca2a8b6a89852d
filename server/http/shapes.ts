import type { TSchema } from 'typebox'

/** A JSON schema as plain data. What TypeBox hangs on to its own beside the JSON is not needed here. */
export type Shape = { readonly [keyword: string]: unknown }

/**
 * The schema with its door shut or open: every object that names its properties refuses others (`strict`), or lets them pass to be dropped
 * afterwards (`loose`). What the schema says itself about further properties with a schema of their own stands.
 */
export function withUnknownFields(schema: TSchema, unknown: 'refused' | 'dropped'): Shape {
  return rewrite(toShape(schema), unknown === 'refused') as Shape
}

function toShape(schema: TSchema): Shape {
  return JSON.parse(JSON.stringify(schema)) as Shape
}

function rewrite(node: unknown, isStrict: boolean): unknown {
  if (Array.isArray(node)) return node.map((part) => rewrite(part, isStrict))
  if (typeof node !== 'object' || node === null) return node
  const shape: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(node))
    shape[keyword] = dataKeywords.has(keyword) ? value : rewriteKeyword(keyword, value, isStrict)
  if (!namesProperties(shape)) return shape
  if (isSchema(shape.additionalProperties)) return shape
  if (isStrict) shape[isComposed(shape) ? 'unevaluatedProperties' : 'additionalProperties'] = false
  else delete shape.additionalProperties
  return shape
}

function rewriteKeyword(keyword: string, value: unknown, isStrict: boolean): unknown {
  if (keyword === 'allOf' && Array.isArray(value)) return value.map((part) => rewrite(part, false))
  if (keyword !== 'properties' && keyword !== '$defs' && keyword !== 'patternProperties') return rewrite(value, isStrict)
  return Object.fromEntries(Object.entries(value as object).map(([name, part]) => [name, rewrite(part, isStrict)]))
}

/** Their values are data, not schemas. */
const dataKeywords = new Set(['default', 'const', 'enum', 'examples', 'required', 'description', 'title'])

const isSchema = (value: unknown) => typeof value === 'object' && value !== null
const isComposed = (shape: Shape) => Array.isArray(shape.allOf)
const namesProperties = (shape: Shape) => isSchema(shape.properties) || isComposed(shape)

/** Drops what an object schema does not name, at every depth that can be told without trying alternatives. */
export function dropUnknown(shape: Shape, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return isSchema(shape.items) ? value.map((part) => dropUnknown(shape.items as Shape, part)) : value
  if (!isSchema(shape.properties) || isSchema(shape.additionalProperties)) return value
  const kept: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(shape.properties as Record<string, Shape>)) {
    if (Object.hasOwn(value, name)) kept[name] = dropUnknown(part, (value as Record<string, unknown>)[name])
  }
  return kept
}

/** Fills in what was not sent and has a default, in the first depth of an object. */
export function withDefaults(shape: Shape): ((value: Record<string, unknown>) => void) | undefined {
  const defaults = Object.entries((shape.properties ?? {}) as Record<string, Shape>).filter(([, part]) => part.default !== undefined)
  if (defaults.length === 0) return undefined
  return (value) => {
    for (const [name, part] of defaults) if (value[name] === undefined) value[name] = structuredClone(part.default)
  }
}
