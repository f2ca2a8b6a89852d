import type { SetCookie } from './route.ts'

/** Binds a cookie to this very host, over HTTPS alone. */
const hostPrefix = '__Host-'

export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? hostPrefix + name : name
}

/** The first of that name: browsers send the most specific first. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  let start = 0
  while (start < header.length) {
    let end = header.indexOf(';', start)
    if (end === -1) end = header.length
    while (header.charCodeAt(start) === 0x20) start++
    if (header.startsWith(name, start) && header.charCodeAt(start + name.length) === 0x3d) {
      const value = header.slice(start + name.length + 1, end).trim()
      return value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value
    }
    start = end + 1
  }
  return undefined
}

export function writeCookie({ name, value, maxAgeS, httpOnly = true }: SetCookie, isSecure: boolean): string {
  if (!/^[\w!#$%&'()*+./:<=>?@[\]^`{|}~-]*$/.test(value)) throw new RangeError(`The value of cookie ${name} cannot be written`)
  const parts = [`${cookieName(name, isSecure)}=${value}`, 'Path=/', 'SameSite=Lax']
  if (maxAgeS !== undefined) parts.push(`Max-Age=${Math.max(0, Math.floor(maxAgeS))}`)
  if (httpOnly) parts.push('HttpOnly')
  if (isSecure) parts.push('Secure')
  return parts.join('; ')
}
