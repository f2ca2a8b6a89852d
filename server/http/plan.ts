import type { TSchema } from 'typebox'
import type { Route, RouteLimit } from './route.ts'
import { type Check, createCheck } from './validation.ts'

type LazyCheck = () => Promise<Check> | Check

export type Serialize = (status: number, schema: unknown, value: unknown) => string

/** A route as it is run: what can be known beforehand is. */
export type Plan = {
  readonly route: Route
  /** Below which name it appears in metrics and logs: the path as declared, without its base. */
  readonly name: string
  /** Where it answers. */
  readonly paths: readonly string[]
  readonly limits: readonly RouteLimit[]
  /** Changes something, as far as the method tells. */
  readonly isUnsafe: boolean
  /** Neither parameters nor a query nor a body are declared. */
  readonly takesNothing: boolean
  readonly params: LazyCheck | undefined
  readonly query: LazyCheck | undefined
  readonly body: LazyCheck | undefined
  readonly form: LazyCheck | undefined
  /** Compiled from the schemas of the answers, each at its first use. */
  readonly serializers: Map<number, (value: unknown) => string>
}

const base = '/api'
const noLimits: readonly RouteLimit[] = []

export function createPlan(route: Route): Plan {
  const at = route.at ?? 'api'
  const paths = at === 'api' ? [base + route.path] : at === 'root' ? [route.path] : [base + route.path, route.path]
  const unknown = at === 'both' ? 'dropped' : 'refused'
  const check = (schema: unknown, areTexts: boolean) => (isSchema(schema) ? createCheck(schema, { unknown, areTexts }) : undefined)
  const takesForm = route.form === true && isSchema(route.body)
  return {
    route,
    name: `${at === 'api' ? base : ''}${route.path}`,
    paths,
    limits: route.limits ?? noLimits,
    isUnsafe: !['GET', 'HEAD', 'OPTIONS'].includes(route.method),
    takesNothing: [route.params, route.query, route.body].every((part: unknown) => part === undefined),
    params: check(route.params, true),
    query: check(route.query ?? (unknown === 'refused' && !route.page && !route.respond ? noFields : undefined), true),
    body: check(route.body, false),
    form: takesForm ? check(route.body, true) : undefined,
    serializers: new Map(),
  }
}

/** A route that declares no query takes none: a misspelled parameter is told, not ignored. */
const noFields = { type: 'object', properties: {} } as unknown as TSchema

function isSchema(schema: unknown): schema is TSchema {
  return typeof schema === 'object' && schema !== null
}
