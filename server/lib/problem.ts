export type ProblemKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported'
  | 'limited'
  | 'full'
  | 'unavailable'

/** One wrong field of a request: where it stands and what it should be, as a code with a text in every language. */
export type FieldProblem = { path: string; code: string; params?: Record<string, string | number> }

export type ProblemExtras = {
  /** Values for the placeholders of the text. */
  params?: Record<string, string | number>
  fields?: FieldProblem[]
  retryAfterMs?: number
  cause?: unknown
}

/**
 * Something the caller can act on. Everything else that is thrown is a bug: logged whole, shown to nobody.
 * The text for people stands under `code` in shared/locales/<language>/problems.json.
 */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly code: string
  readonly params: Record<string, string | number>
  readonly fields: FieldProblem[]
  readonly retryAfterMs: number | undefined

  constructor(kind: ProblemKind, code: string, extras: ProblemExtras = {}) {
    super(code, { cause: extras.cause })
    this.name = 'Problem'
    this.kind = kind
    this.code = code
    this.params = extras.params ?? {}
    this.fields = extras.fields ?? []
    this.retryAfterMs = extras.retryAfterMs
  }
}
