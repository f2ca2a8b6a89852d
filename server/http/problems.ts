import { Problem, type ProblemExtras, type ProblemKind } from '#server/lib/problem.ts'

/** The domain's words as statuses. The frame has some of its own, which no feature throws: see `FrameProblem`. */
const statusOf: Readonly<Record<ProblemKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  limited: 429,
  full: 507,
  unavailable: 503,
}

/** What goes wrong before a route is reached, with the status that HTTP has for it. */
export class FrameProblem extends Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, code: string, extras: ProblemExtras & { headers?: Record<string, string> } = {}) {
    super(kindOf(status), code, extras)
    this.status = status
    this.headers = extras.headers ?? {}
  }
}

export function statusFor(problem: Problem): number {
  return problem instanceof FrameProblem ? problem.status : statusOf[problem.kind]
}

function kindOf(status: number): ProblemKind {
  const kinds = Object.entries(statusOf) as [ProblemKind, number][]
  return kinds.find(([, own]) => own === status)?.[0] ?? (status >= 500 ? 'unavailable' : 'invalid')
}

export const noSuchRoute = () => new FrameProblem(404, 'http.no_such_route')
export const methodNotAllowed = (allowed: readonly string[]) =>
  new FrameProblem(405, 'http.method_not_allowed', { params: { allowed: allowed.join(', ') }, headers: { allow: allowed.join(', ') } })
export const badRequest = (cause?: unknown) => new FrameProblem(400, 'http.bad_request', { cause })
export const badJson = (cause?: unknown) => new FrameProblem(400, 'http.bad_json', { cause })
export const bodyMissing = () => new FrameProblem(400, 'http.body_missing')
export const wrongFields = (fields: ProblemExtras['fields']) => new FrameProblem(400, 'http.wrong_fields', fields ? { fields } : {})
export const bodyTooLarge = (limitBytes: number) => new FrameProblem(413, 'http.body_too_large', { params: { limitBytes } })
export const wrongMediaType = (accepts: string) => new FrameProblem(415, 'http.wrong_media_type', { params: { accepts } })
export const foreignOrigin = () => new FrameProblem(403, 'http.foreign_origin')
export const formTokenWrong = () => new FrameProblem(403, 'http.form_token_wrong')
export const notLoggedIn = () => new FrameProblem(401, 'session.needed')
export const sessionInvalid = () => new FrameProblem(401, 'session.invalid')
export const notAllowed = () => new FrameProblem(403, 'access.forbidden')
export const secondFactorNeeded = () => new FrameProblem(403, 'second_factor.needed')
export const keyMalformed = () => new FrameProblem(400, 'http.idempotency_key_malformed')
export const keyReused = () => new FrameProblem(409, 'http.idempotency_key_reused')
export const keyRunning = () => new FrameProblem(409, 'http.idempotency_key_running', { retryAfterMs: 1000 })
export const tooManyRequests = (retryAfterMs: number) => new FrameProblem(429, 'http.too_many_requests', { retryAfterMs })
export const requestTooSlow = () => new FrameProblem(408, 'http.request_too_slow')
export const somethingBroke = () => new FrameProblem(500, 'http.something_broke')
