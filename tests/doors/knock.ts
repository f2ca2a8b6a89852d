import { request } from 'node:http'
import { fillPath } from '#server/http/matrix.ts'
import type { Injected } from '#server/http/inject.ts'
import type { Route } from '#server/http/route.ts'
import type { Entry, Sent } from './entry.ts'
import type { Somebody, Stage } from './stage.ts'

/** How somebody shows who they are, and from which page the call comes. */
const carriers = {
  bearer: { via: 'bearer', origin: undefined },
  cookie: { via: 'cookie', origin: 'http://localhost' },
  'cookie without an origin': { via: 'cookie', origin: undefined },
  'cookie from elsewhere': { via: 'cookie', origin: 'https://elsewhere.example' },
  'bearer from elsewhere': { via: 'bearer', origin: 'https://elsewhere.example' },
} as const
export type Carrier = keyof typeof carriers

export const isUnsafe = ({ method }: Route) => !['GET', 'HEAD', 'OPTIONS'].includes(method)

/** Each place at which a route answers. */
export function placesOf({ path, at = 'api' }: Route): string[] {
  return [...(at === 'root' ? [] : [`/api${path}`]), ...(at === 'api' ? [] : [path])]
}

export type Knock = { route: Route; place: string; entry: Entry; sent: Sent; carrier: Carrier; token: string | undefined }

export async function knock(
  stage: Stage,
  { route, place, entry, sent, carrier, token }: Knock,
): Promise<{ status: number; code: string | undefined }> {
  const { via, origin } = carriers[carrier]
  const shown = token === undefined ? {} : via === 'cookie' ? { cookie: `matinee=${token}` } : { authorization: `Bearer ${token}` }
  const path = fillPath(place, sent.params) + (sent.query ? `?${sent.query}` : '')
  const headers = { ...sent.headers, ...shown, ...(origin === undefined ? {} : { origin }) }
  if (entry.isEndless) return headOf(await stage.matinee.url(), { method: route.method, path, headers: { ...headers, host: 'localhost' } })
  const answer = await stage.call({ method: route.method, path, headers, ...(sent.body === undefined ? {} : { body: sent.body }) })
  sent.after?.(answer)
  if (isUnsafe(route) && answer.status < 300) stage.wasDone()
  const said = answer.status !== 200 || entry.says === undefined || entry.says.test(answer.text)
  return { status: said ? answer.status : 0, code: said ? codeOf(answer) : answer.text }
}

export const tokenOf = (somebody: Somebody | undefined, { as }: Sent) => (somebody ? (as ?? somebody).token : undefined)

function codeOf({ json }: Injected): string | undefined {
  return (json as { code?: string } | undefined)?.code
}

/** The first line of an answer, then the line is cut. */
function headOf(url: string, { method, path, headers }: { method: string; path: string; headers: Record<string, string> }) {
  return new Promise<{ status: number; code: string | undefined }>((resolve, reject) => {
    const asked = request(url + path, { method, headers, agent: false }, (response) => {
      resolve({ status: response.statusCode ?? 0, code: undefined })
      response.destroy()
    })
    asked.on('error', reject)
    asked.end()
  })
}
