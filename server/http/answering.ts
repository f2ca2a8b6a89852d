import { writeCookie } from './cookies.ts'
import type { Exchange } from './exchange.ts'
import type { Plan, Serialize } from './plan.ts'
import type { Answer, Answers, SetCookie } from './route.ts'
import type { SecurityHeaders } from './security-headers.ts'
import { type Written, write } from './write.ts'

/** What a handler answered, with its body as it is sent. What is `plain` can be kept and answered again. */
export type Told = {
  status: number
  headers: Readonly<Record<string, string>> | undefined
  cookies: readonly SetCookie[] | undefined
  contentType: string | undefined
  framedBy?: string | undefined
  body: Written['body']
}

export function toTold(plan: Plan, answer: Answer<Answers>, serialize: Serialize): Told {
  const { status, headers, cookies, framedBy } = answer
  if ('body' in answer) {
    const body = serialize(status, (plan.route.answers as Answers)[status], answer.body)
    return { status, headers, cookies, contentType: 'application/json', body }
  }
  const named = headers && Object.keys(headers).find((name) => name.toLowerCase() === 'content-type')
  return { status, headers, cookies, framedBy, contentType: named ? headers[named] : 'application/octet-stream', body: answer.bytes }
}

export function writeTold(exchange: Exchange, plan: Plan, told: Told, security: SecurityHeaders): Promise<void> | undefined {
  const { isSecure } = exchange.client
  const isHtml = told.contentType?.startsWith('text/html') === true
  const headers = [...(isHtml ? security.page(isSecure, told.framedBy) : security.data(isSecure))]
  const hasCookies = told.cookies !== undefined && told.cookies.length > 0
  let isCachingTold = false
  for (const given in told.headers) {
    const name = given.toLowerCase()
    if (name === 'cache-control') isCachingTold = true
    if (name !== 'content-type') lay(headers, name, told.headers[given] ?? '')
  }
  if (!isCachingTold) headers.push('cache-control', plan.isUnsafe || hasCookies ? 'no-store' : 'private, no-cache')
  for (const cookie of told.cookies ?? []) headers.push('set-cookie', writeCookie(cookie, isSecure))
  return write(exchange, {
    status: told.status,
    headers,
    contentType: told.contentType,
    body: told.body,
    // A page carries a token of its own each time: no tag of it would ever be known.
    isTaggable: !plan.isUnsafe && told.status === 200 && plan.route.page !== true,
    isCompressible: !hasCookies,
  })
}

/** A route's own word stands in place of the usual one: two in one line mean neither to a browser. */
function lay(headers: string[], name: string, value: string): void {
  const at = headers.indexOf(name)
  if (at === -1) headers.push(name, value)
  else headers[at + 1] = value
}

/** For routes that write their answer themselves: what they set themselves comes over it. */
export function layHeaders(exchange: Exchange, { isUnsafe }: Plan, security: readonly string[]): void {
  const headers = [...security, 'cache-control', isUnsafe ? 'no-store' : 'private, no-cache', ...exchange.headers]
  for (let i = 0; i < headers.length; i += 2) exchange.response.appendHeader(headers[i] ?? '', headers[i + 1] ?? '')
}
