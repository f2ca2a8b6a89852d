import type { Told } from './answering.ts'
import { cookieName, readCookie } from './cookies.ts'
import type { Exchange } from './exchange.ts'
import type { Plan } from './plan.ts'

/** The same for callers with cookies and for those without, who send back the header that they were given. */
const markName = 'matinee-wrote'
const lifeS = 60

/**
 * When the caller wrote last, as the answer to that write said. Whoever lies about it makes their own reading dearer, within their limits, and gains
 * nothing.
 */
export function readMark({ request, client }: Exchange): number | undefined {
  const { [markName]: header, cookie } = request.headers
  const text = typeof header === 'string' ? header : readCookie(cookie, cookieName(markName, client.isSecure))
  return text !== undefined && /^\d{13}$/.test(text) ? Number(text) : undefined
}

/** The answer to a write carries its moment, for a minute: whichever process is asked next then reads what was written. */
export function mark(told: Told, plan: Plan, before: number | undefined, after: number | undefined): Told {
  if (!plan.isUnsafe || after === undefined || after === before) return told
  const value = String(after)
  return {
    ...told,
    headers: { ...told.headers, [markName]: value },
    cookies: [...(told.cookies ?? []), { name: markName, value, maxAgeS: lifeS }],
  }
}
