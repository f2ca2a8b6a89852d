import { isIP, isIPv6 } from 'node:net'
import { type Key, type KeyOptions, key, readList } from './kinds.ts'

/** A list of which every part must be good. */
function listOf(about: string, accepts: string, isGood: (part: string) => boolean, options?: KeyOptions): Key<readonly string[]> {
  const read = (raw: unknown) => {
    const parts = readList(raw)
    return parts?.every(isGood) ? parts : undefined
  }
  return key<readonly string[]>({ accepts, read }, [], about, options)
}

export const networks = (about: string, options?: KeyOptions) =>
  listOf(about, 'a list of addresses or networks such as 127.0.0.1, 10.0.0.0/8 or fd00::/8 (or unix, for a socket)', isNetwork, options)

export const origins = (about: string, options?: KeyOptions) =>
  listOf(about, 'a list of origins such as https://club.example, without a path', isOrigin, options)

export const addresses = (protocols: readonly string[], about: string, options?: KeyOptions) =>
  listOf(
    about,
    `a list of addresses that begin with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    (part) => URL.canParse(part) && protocols.includes(new URL(part).protocol),
    options,
  )

function isNetwork(part: string): boolean {
  if (part === 'unix') return true
  const [address = '', bits, ...rest] = part.split('/')
  if (isIP(address) === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv6(address) ? 128 : 32))
}

/** As a browser names itself, but for capitals and a port that goes without saying. */
function isOrigin(part: string): boolean {
  if (!URL.canParse(part)) return false
  const { protocol, username, password, pathname, search, hash } = new URL(part)
  const isBare = username === '' && password === '' && pathname === '/' && search === '' && hash === ''
  return ['http:', 'https:'].includes(protocol) && isBare && !part.endsWith('?') && !part.endsWith('#')
}
