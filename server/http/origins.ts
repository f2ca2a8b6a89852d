import type { IncomingMessage } from 'node:http'
import type { Client } from './client.ts'
import { foreignOrigin } from './problems.ts'
import { derived, type HttpSettings } from './settings.ts'

/** Which origins are ours, which are let in from outside, and what that means for a request. */
export type Origins = {
  /** Scheme and host under which this request reached us: the first configured one where it names none of them. */
  ownOf(client: Client): string
  isOurs(origin: string, client: Client): boolean
  /** A request that changes something and shows a cookie or an Origin must come from our own pages. Throws otherwise. */
  check(request: IncomingMessage, shows: { client: Client; cookie: boolean }): void
  /** The Origin, where it is a listed foreign one. */
  allowedForeign(origin: string | undefined): string | undefined
  readonly hasForeign: boolean
}

export function createOrigins(settings: () => HttpSettings): Origins {
  const own = derived(settings, ({ origins }) => new Set(origins.map(normalise)))
  const foreign = derived(settings, ({ corsOrigins }) => new Set(corsOrigins.map(normalise)))
  const seen = (client: Client) => `${client.isSecure ? 'https' : 'http'}://${client.host.toLowerCase()}`

  const isOurs = (origin: string, client: Client) => {
    const listed = own()
    if (listed.has(origin)) return true
    // Whoever sits at the machine itself may use its own name; any other name must be listed, or a name that was bent to our address would do.
    return (listed.size === 0 || loopback.test(client.host)) && client.host !== '' && origin === normalise(seen(client))
  }

  return {
    ownOf(client) {
      const listed = own()
      const here = client.host === '' ? undefined : normalise(seen(client))
      if (here !== undefined && (listed.size === 0 || listed.has(here))) return here
      const [first] = listed
      return first ?? 'http://localhost'
    },
    isOurs,
    check(request, { client, cookie }) {
      const origin = request.headers.origin
      if (origin === undefined && !cookie) return
      if (origin !== undefined && isOurs(origin, client)) return
      // A listed site calls with a token of its own; the cookies of our people are not its to use.
      if (origin !== undefined && !cookie && foreign().has(origin)) return
      throw foreignOrigin()
    },
    allowedForeign: (origin) => (origin !== undefined && foreign().has(origin) ? origin : undefined),
    get hasForeign() {
      return foreign().size > 0
    },
  }
}

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

/** As browsers write it: lower case, no default port, no path. Only what is configured is normalised: what is sent is compared as it is. */
function normalise(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).origin : origin
}

/** What a preflight is answered with, for an origin that is let in. */
export function preflightHeaders(methods: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers':
      'authorization, content-type, idempotency-key, if-match, if-none-match, range, x-request-id, matinee-wrote, tus-resumable, upload-length, upload-offset, upload-metadata, upload-checksum, upload-concat, upload-defer-length, x-http-method-override, x-requested-with',
    'access-control-max-age': '600',
  }
}
