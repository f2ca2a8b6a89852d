/** The slice of the configuration that the frame of HTTP reads. Handed over as a function: what can be reloaded is read at each use. */
export type HttpSettings = {
  /** Empty: all addresses. */
  host: string
  /** 0: any free one. */
  port: number
  /** Origins that people type, such as `https://cinema.example`. Empty: whatever scheme and host a request itself names. */
  origins: readonly string[]
  /** Networks (CIDR), single addresses, or `unix`, whose X-Forwarded-… headers are believed. */
  trustedProxies: readonly string[]
  /** Other sites whose pages may call the API, without cookies. */
  corsOrigins: readonly string[]
  /** Where pictures, films and sockets may come from besides ourselves: a CDN, for the policy of pages. */
  mediaOrigins: readonly string[]
  /** The flood guard of every route, per person or, for strangers, per address. */
  requestsPerMinute: number
  maxConnectionsPerAddress: number
  /** Connections of one address that have not yet delivered a whole request. */
  maxUnprovenPerAddress: number
  bodyLimitBytes: number
  headersTimeoutMs: number
  /** A request body, or an answer, that does not move for so long is cut off. */
  stallTimeoutMs: number
  keepAliveTimeoutMs: number
  /** How long requests under way may last once the process is told to end. */
  drainMs: number
  slowRequestMs: number
  /** Lets a scraper read /metrics and the reasons of /ready; empty: only this machine and admins. */
  metricsToken: string
  /** Signs form tokens. */
  secret: string
}

export const defaultHttpSettings: Omit<HttpSettings, 'secret'> = {
  host: '',
  port: 0,
  origins: [],
  trustedProxies: [],
  corsOrigins: [],
  mediaOrigins: [],
  requestsPerMinute: 1200,
  maxConnectionsPerAddress: 256,
  maxUnprovenPerAddress: 64,
  bodyLimitBytes: 2 ** 20,
  headersTimeoutMs: 10_000,
  stallTimeoutMs: 20_000,
  keepAliveTimeoutMs: 65_000,
  drainMs: 20_000,
  slowRequestMs: 1000,
  metricsToken: '',
}

/** Something made of the settings, made again only when they have changed. */
export function derived<T>(settings: () => HttpSettings, make: (settings: HttpSettings) => T): () => T {
  let from: HttpSettings | undefined
  let made: T
  return () => {
    const now = settings()
    if (now !== from) {
      made = make(now)
      from = now
    }
    return made
  }
}
