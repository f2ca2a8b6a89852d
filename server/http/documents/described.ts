import type { TSchema } from 'typebox'
import type { Answers, Route } from '../route.ts'

export type Schema = { readonly [keyword: string]: unknown }

/** A route as documents speak of it. */
export type Described = {
  route: Route
  /** Unique, and the same as long as method and path are. */
  id: string
  /** Where it answers first; the rows of the contract answer without `/api` too. */
  path: string
  bare: string | undefined
  params: Field[]
  query: Field[]
  body: Schema | 'raw' | undefined
  answers: { status: number; schema: Schema | undefined }[]
  /** Statuses of problems that may come, besides 500 and 503. */
  refusals: number[]
}

export type Field = { name: string; schema: Schema; isRequired: boolean }

/** Pages are for people: their addresses are no API. */
export function describeRoutes(routes: readonly Route[]): Described[] {
  return routes.filter(({ page, area }) => !page && area !== 'Pages').map(describe)
}

function describe(route: Route): Described {
  const { at = 'api', method } = route
  const body: unknown = route.body
  const path = at === 'root' ? route.path : `/api${route.path}`
  return {
    route,
    id: `${method.toLowerCase()}-${path.replaceAll(/[^\w]+/g, '-').replaceAll(/^-|-$/g, '')}`,
    path,
    bare: at === 'both' ? route.path : undefined,
    params: fieldsOf(route.params),
    query: fieldsOf(route.query),
    body: body === 'raw' ? 'raw' : plain(body),
    answers: Object.entries(route.answers as Answers).map(([status, schema]) => ({ status: Number(status), schema: plain(schema) })),
    refusals: refusalsOf(route),
  }
}

function refusalsOf(route: Route): number[] {
  const { access } = route
  const body: unknown = route.body
  const isChecked = [route.params as unknown, route.query as unknown, body].some((part) => part !== undefined)
  const isGuarded = access !== 'anyone'
  const found: [number, boolean][] = [
    [400, isChecked || route.idempotent === true],
    [401, !route.sessionless || route.method === 'POST'],
    [403, isGuarded || !['GET', 'HEAD'].includes(route.method)],
    [404, route.params !== undefined],
    [409, route.idempotent === true],
    [413, body !== undefined],
    [415, body !== undefined && body !== 'raw'],
    [429, true],
  ]
  return found.filter(([, may]) => may).map(([status]) => status)
}

function fieldsOf(schema: unknown): Field[] {
  const { properties = {}, required = [] } = (plain(schema) ?? {}) as { properties?: Record<string, Schema>; required?: string[] }
  return Object.entries(properties).map(([name, own]) => ({ name, schema: own, isRequired: required.includes(name) }))
}

/** As JSON has it: what TypeBox keeps for itself is gone. */
function plain(schema: unknown): Schema | undefined {
  return typeof schema === 'object' && schema !== null ? (JSON.parse(JSON.stringify(schema as TSchema)) as Schema) : undefined
}
