import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Static, TSchema } from 'typebox'
import type { Role, Viewer } from '#server/lib/viewer.ts'
import type { Limit } from '#server/ports/limiter.ts'
import type { ReadyJson } from './ready-json.ts'

/**
 * Who may call at all. What they may do to a particular thing is the service's question to `may(viewer, action, thing)`: then the
 * route names the action, so that the matrix of routes and viewers can be generated from the table of routes.
 */
export type Access = 'anyone' | 'person' | { role: Role } | { action: string }

/** Taken before the handler runs; a refusal is 429 with Retry-After. */
export type RouteLimit = { name: string; limit: Limit; per: 'address' | 'person' | 'address and person' }

/** One answer for everybody, by the path's parameters alone (and the query's where `query` says so). Never for what a viewer may not share. */
export type RouteCache<P> = { freshMs: number; staleMs?: number; tags(params: P): string[] }

export type Call<P, Q, B> = {
  params: P
  query: Q
  body: B
  viewer: Viewer
  requestId: string
  /** Aborted when the caller goes away. */
  signal: AbortSignal
  /** Scheme and host as the caller knows us, for links that leave the page: `https://cinema.example`. */
  origin: string
  /** The body came from a form of people without script: answer with a page or a redirect. */
  isForm: boolean
  /** For a form that is shown to this viewer; another one each time, and useless to others. */
  formToken(): string
  headers: IncomingMessage['headers']
  /** The bare request, for routes that read their body themselves (`body: 'raw'`). */
  raw: IncomingMessage
}

/** The name that shows a session is `sessionCookie`; over HTTPS every name gets the prefix `__Host-`. */
export const sessionCookie = 'matinee'

export type SetCookie = { name: string; value: string; maxAgeS?: number; httpOnly?: boolean }

export type Answer<R> = {
  [S in keyof R & number]: {
    status: S
    headers?: Record<string, string>
    cookies?: SetCookie[]
    /** A page that other sites may show in a frame: which, as `frame-ancestors` names them. All others may be framed by nobody. */
    framedBy?: string
  } & (R[S] extends TSchema ? { body: Static<R[S]> | ReadyJson } : { bytes?: AsyncIterable<Uint8Array> | Uint8Array | string })
}[keyof R & number]

export type Answers = { [status: number]: TSchema | null }

type Shape<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise

export type RouteDeclaration<P, Q, B, R extends Answers> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  /** Below `/api`; `at: 'both'` also answers without it (contract rows), `at: 'root'` only without it. */
  path: string
  at?: 'api' | 'both' | 'root'
  area: string
  summary: string
  access: Access
  params?: P
  query?: Q
  /** A schema (JSON), or 'raw': the handler reads `raw` itself. Contract rows ignore unknown fields, all others refuse them. */
  body?: B
  answers: R
  limits?: readonly RouteLimit[]
  cache?: RouteCache<Shape<P, Record<string, never>>>
  /** For calls that may be repeated with the same Idempotency-Key. */
  idempotent?: boolean
  /** A form of people without script may call it (same origin and a form token, the field `formToken`). */
  form?: boolean
  /** Answers people with pages: problems are shown as pages too, and whoever shows a dead session is a stranger without one. */
  page?: boolean
  /** Looks at no token: who logs in may hold a dead one. */
  sessionless?: boolean
  /** GET, by parameters that all have patterns, and answered with bytes alone, very often: its addresses are read without the framework. */
  plain?: boolean
  /** Outside the flood guard: for those who look after the process, and look often; and for what has a wider limit of its own, by address. */
  unguarded?: boolean
  /** The largest body it reads, where that is not the usual. */
  bodyLimitBytes?: number
  /** For the documents: what a call and its answer look like. */
  example?: { body?: unknown; answer?: unknown }
  handle?(call: Call<Shape<P, Record<string, never>>, Shape<Q, Record<string, never>>, Shape<B, undefined>>): Promise<Answer<NoInfer<R>>>
  /** For contracts whose failures have a shape of their own: the body that is sent, as JSON, in place of the problem. */
  failureBody?(failure: { status: number; code: string; title: string; detail?: string }): object
  /** Instead of `handle`, where the answer is written by hand (media, uploads). Throws before the first byte, or ends the answer itself. */
  respond?(call: Call<unknown, unknown, unknown>, response: ServerResponse): Promise<void>
}

// oxlint-disable-next-line typescript/no-explicit-any -- routes of all shapes stand in one table
export type Route = RouteDeclaration<any, any, any, any>

/** Declares a route: everything else (validation, OpenAPI, types of the web app, limits, policy tests) follows from it. */
export function route<
  R extends Answers,
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | 'raw' | undefined = undefined,
>(declaration: RouteDeclaration<P, Q, B, R>): Route {
  return declaration as unknown as Route
}
