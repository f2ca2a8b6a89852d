import type { Access, Route, RouteLimit } from '../route.ts'
import { type Described, describeRoutes, type Field, type Schema } from './described.ts'

type Json = { [key: string]: unknown }

const problemType = 'application/problem+json'
const refusalTexts: Readonly<Record<number, string>> = {
  400: 'The request is wrong; every wrong field is named.',
  401: 'Not, or no longer, logged in.',
  403: 'Logged in, but not allowed; or sent by a page of another site.',
  404: 'Not there, or not visible to the caller.',
  409: 'In conflict with what is there.',
  413: 'Too large.',
  415: 'Not sent as JSON.',
  429: 'Too many requests: Retry-After says when to ask again.',
  500: 'Something went wrong on the server’s side; `requestId` names it.',
  503: 'Not available just now.',
}

/** The whole table as OpenAPI 3.1, whose schemas are JSON Schema as ours are. */
export function toOpenApi(routes: readonly Route[]): Json {
  const described = describeRoutes(routes)
  const paths: Record<string, Record<string, Json>> = {}
  for (const one of described) {
    const path = one.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][one.route.method.toLowerCase()] = toOperation(one)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Matinee',
      version: '1.0.0',
      summary: 'The API of a cinema that anybody can run.',
      description:
        'JSON in and out. Errors are RFC 9457 problems with a stable `code`. Lists answer `{items, nextCursor}` and take `cursor` and `limit`. ' +
        'Where an Idempotency-Key is taken, a call sent twice happens once.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(described.map(({ route }) => route.area))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemSchema },
      responses: Object.fromEntries(
        Object.entries(refusalTexts).map(([status, text]) => [`Problem${status}`, toRefusal(Number(status), text)]),
      ),
      parameters: { IdempotencyKey: idempotencyKey },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The token of a session.' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-matinee',
          description: 'The same session in a browser: `matinee` over plain HTTP.',
        },
      },
    },
  }
}

function toOperation(one: Described): Json {
  const { route } = one
  return {
    operationId: one.id,
    tags: [route.area],
    summary: route.summary,
    description: [accessText(route.access), one.bare ? `Also answers at \`${one.bare}\`, and ignores fields it does not know.` : '']
      .filter(Boolean)
      .join(' '),
    ...(route.sessionless ? { security: [] } : { security: securityOf(route.access) }),
    parameters: [
      ...one.params.map((field) => toParameter(field, 'path')),
      ...one.query.map((field) => toParameter(field, 'query')),
      ...(route.idempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ],
    ...(one.body ? { requestBody: toBody(one.body, route) } : {}),
    responses: toResponses(one),
    ...(route.limits?.length ? { 'x-limits': route.limits.map(toLimit) } : {}),
    ...(route.cache ? { 'x-fresh-seconds': route.cache.freshMs / 1000 } : {}),
  }
}

function accessText(access: Access): string {
  if (access === 'anyone') return 'Anyone may call it.'
  if (access === 'person') return 'For whoever is logged in.'
  return 'role' in access ? `For the role ${access.role} and above.` : `Decided by the policy: \`${access.action}\`.`
}

function securityOf(access: Access): Json[] {
  const known = [{ bearer: [] }, { cookie: [] }]
  return access === 'anyone' || (typeof access === 'object' && 'action' in access) ? [{}, ...known] : known
}

function toParameter({ name, schema, isRequired }: Field, where: 'path' | 'query'): Json {
  const { description, ...rest } = schema
  return { name, in: where, required: where === 'path' || isRequired, schema: rest, ...(description === undefined ? {} : { description }) }
}

function toBody(body: Schema | 'raw', route: Route): Json {
  if (body === 'raw') return { required: true, content: { '*/*': { schema: {} } } }
  const example = route.example?.body === undefined ? {} : { example: route.example.body }
  const asForm = route.form ? { 'application/x-www-form-urlencoded': { schema: body } } : {}
  return {
    required: ((body.required as unknown[] | undefined) ?? []).length > 0,
    content: { 'application/json': { schema: body, ...example }, ...asForm },
  }
}

function toResponses({ route, answers, refusals }: Described): Json {
  const good = answers.map(({ status, schema }) => {
    const example = route.example?.answer === undefined ? {} : { example: route.example.answer }
    return [
      status,
      { description: goodText(status), ...(schema ? { content: { 'application/json': { schema, ...example } } } : {}) },
    ] as const
  })
  const bad = [...refusals, 500, 503].filter((status) => answers.every((answer) => answer.status !== status))
  const refused = bad.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }] as const)
  return Object.fromEntries<unknown>([...good, ...refused])
}

function goodText(status: number): string {
  const texts: Readonly<Record<number, string>> = {
    200: 'Done.',
    201: 'Made.',
    202: 'Taken; it will be done.',
    204: 'Done; there is nothing to say.',
    303: 'Look there.',
  }
  return texts[status] ?? 'An answer.'
}

export function toLimit({ limit, per }: RouteLimit): { count: number; seconds: number; atOnce: number; per: RouteLimit['per'] } {
  return { count: limit.count, seconds: limit.periodMs / 1000, atOnce: limit.burst ?? limit.count, per }
}

function toRefusal(status: number, description: string): Json {
  const waits = status === 429 || status === 503
  return {
    description,
    ...(waits ? { headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } } } } : {}),
    content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457.',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the code is explained.' },
    title: { type: 'string', description: 'The kind of trouble, in the caller’s language.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened, in the caller’s language.' },
    code: { type: 'string', description: 'Stable, for programs.', examples: ['user.name_taken'] },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code'],
        properties: {
          path: { type: 'string', description: 'Names between dots: `tags.2.name`.' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string' },
  },
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Chosen at random by the caller. A call sent again with the same key within a day is not carried out again: the first answer comes, with `Idempotent-Replayed: true`.',
  schema: { type: 'string', minLength: 8, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
}
