import type { TSchema } from 'typebox'
import type { FieldProblem } from '#server/lib/problem.ts'
import { createReader } from './texts-to-values.ts'
import { dropUnknown, type Shape, withDefaults, withUnknownFields } from './shapes.ts'

/** Where a value stood in the request. */
export type Part = 'path' | 'query' | 'body'

export type Checked = { value: unknown; fields: FieldProblem[] }
export type Check = (value: unknown) => Checked

type TypeBoxError = { keyword: string; schemaPath: string; instancePath: string; params: Record<string, unknown> }

/**
 * One check for one part of a request. The compiler is loaded and the check compiled at its first use, so that starting costs nothing.
 * `areTexts`: the values come from an address or a form.
 */
export function createCheck(schema: TSchema, options: { unknown: 'refused' | 'dropped'; areTexts: boolean }): () => Promise<Check> | Check {
  let ready: Promise<Check> | Check | undefined
  const build = async () => {
    ready = compileCheck(withUnknownFields(schema, options.unknown), options, await loadCompiler())
    return ready
  }
  return () => {
    ready ??= build()
    return ready
  }
}

type Compile = (shape: Shape) => { Check(value: unknown): boolean; Errors(value: unknown): TypeBoxError[] }
let compiler: Promise<Compile> | undefined

function loadCompiler(): Promise<Compile> {
  compiler ??= Promise.all([import('typebox/compile'), import('typebox/system')]).then(([{ Compile }, { Settings }]) => {
    Settings.Set({ maxErrors: maxFields })
    return Compile as unknown as Compile
  })
  return compiler
}

/** More wrong fields than this are not named. */
const maxFields = 64

function compileCheck(shape: Shape, options: { unknown: 'refused' | 'dropped'; areTexts: boolean }, compile: Compile): Check {
  const compiled = compile(shape)
  const read = options.areTexts ? createReader(shape) : undefined
  const fill = withDefaults(shape)
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  return (sent) => {
    let value = read && isObject(sent) ? read({ ...sent }) : sent
    if (!compiled.Check(value)) return { value: undefined, fields: toFields(compiled.Errors(value)) }
    if (options.unknown === 'dropped') value = dropUnknown(shape, value)
    if (fill && isObject(value)) fill(value)
    return { value, fields: [] }
  }
}

/** Each wrong place once: under a union or an unknown name several complaints point to the same one, and the first says most. */
function toFields(errors: readonly TypeBoxError[]): FieldProblem[] {
  const fields = new Map<string, FieldProblem>()
  for (const error of errors) {
    for (const field of toFieldProblems(error)) {
      const known = fields.get(field.path)
      if (!known || known.code === 'field.wrong') fields.set(field.path, field)
    }
  }
  return [...fields.values()].slice(0, maxFields)
}

function toFieldProblems({ keyword, schemaPath, instancePath, params }: TypeBoxError): FieldProblem[] {
  const path = instancePath.slice(1).split('/').map(unescapePointer).join('.')
  const within = (name: string) => (path === '' ? name : `${path}.${name}`)
  const one = (code: string, more?: Record<string, string | number>) => [more ? { path, code, params: more } : { path, code }]
  switch (keyword) {
    case 'required':
      return namesOf(params.requiredProperties).map((name) => ({ path: within(name), code: 'field.required' }))
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return namesOf(params.additionalProperties ?? params.unevaluatedProperties).map((name) => ({
        path: within(name),
        code: 'field.unknown',
      }))
    case 'boolean':
      return /\/(additional|unevaluated)Properties$/.test(schemaPath) ? one('field.unknown') : one('field.wrong')
    case 'type':
      return one('field.wrong_type', { type: namesOf(params.type).find((name) => name !== 'null') ?? 'other' })
    case 'enum':
      return one('field.not_allowed', { allowed: namesOf(params.allowedValues).join(', ') })
    case 'const':
      return one('field.not_allowed', { allowed: String(params.allowedValue) })
    case 'format':
      return one('field.format', { format: String(params.format) })
    case 'pattern':
      return one('field.malformed')
    case 'uniqueItems':
      return one('field.duplicate')
    default:
      return one(...boundOf(keyword, Number(params.limit)))
  }
}

function boundOf(keyword: string, limit: number): [string, Record<string, number>?] {
  const known: Record<string, [string, 'min' | 'max']> = {
    minLength: ['field.too_short', 'min'],
    maxLength: ['field.too_long', 'max'],
    minItems: ['field.too_few', 'min'],
    maxItems: ['field.too_many', 'max'],
    minProperties: ['field.too_few', 'min'],
    maxProperties: ['field.too_many', 'max'],
    minimum: ['field.too_small', 'min'],
    exclusiveMinimum: ['field.too_small', 'min'],
    maximum: ['field.too_large', 'max'],
    exclusiveMaximum: ['field.too_large', 'max'],
  }
  const found = known[keyword]
  return found ? [found[0], { [found[1]]: limit }] : ['field.wrong']
}

const namesOf = (names: unknown): string[] => (Array.isArray(names) ? names : [names]).map((name) => String(name))

const unescapePointer = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')
