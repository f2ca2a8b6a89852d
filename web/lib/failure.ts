export type FailedField = { path: string; text: string }

export type FailureFacts =
  /** The server refused, and says why in the reader's language. */
  | { kind: 'refused'; status: number; code: string; text: string; fields: FailedField[]; retryAfterMs?: number; requestId?: string }
  /** The server broke, or something between us and it answered in its place. */
  | { kind: 'broken'; status: number; requestId?: string }
  /** No answer at all. */
  | { kind: 'unreachable' }

/** What a request to our API can end in besides its answer. */
export class ApiFailure extends Error {
  readonly facts: FailureFacts

  constructor(facts: FailureFacts, options?: ErrorOptions) {
    super(facts.kind === 'refused' ? facts.code : facts.kind, options)
    this.name = 'ApiFailure'
    this.facts = facts
  }

  get status(): number | undefined {
    return this.facts.kind === 'unreachable' ? undefined : this.facts.status
  }

  get code(): string | undefined {
    return this.facts.kind === 'refused' ? this.facts.code : undefined
  }

  /** The text that stands beside the field, where the server named it. */
  textFor(path: string): string | undefined {
    return this.facts.kind === 'refused' ? this.facts.fields.find((field) => field.path === path)?.text : undefined
  }
}

/** A problem of the API (RFC 9457) as a failure; anything else that arrives with a failing status is "broken". */
export function toFailure(status: number, body: unknown, headers?: Headers): ApiFailure {
  const requestId = headers?.get('x-request-id') ?? undefined
  const known = requestId === undefined ? {} : { requestId }
  if (!isProblem(body) || status === 500) return new ApiFailure({ kind: 'broken', status, ...known })
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN)
  return new ApiFailure({
    kind: 'refused',
    status,
    code: body.code,
    text: body.detail ?? body.title,
    fields: (body.fields ?? body.errors ?? []).map(toField),
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
    ...known,
  })
}

type ProblemBody = { code: string; title: string; detail?: string; fields?: WrongField[]; errors?: WrongField[] }
type WrongField = { path: string; detail?: string; text?: string }

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}

function toField(field: WrongField): FailedField {
  return { path: field.path.replace(/^\//, '').replaceAll('/', '.'), text: field.detail ?? field.text ?? '' }
}
