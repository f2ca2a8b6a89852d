import { isIPv4, isIPv6 } from 'node:net'

/** An address as written by a peer or a proxy, cleaned: no port, no brackets, no zone, v4 inside v6 as v4. Undefined for what is none. */
export function parseAddress(text: string): string | undefined {
  let bare = text.trim()
  if (bare.startsWith('[')) bare = bare.slice(1, bare.indexOf(']'))
  else if (bare.indexOf(':') === bare.lastIndexOf(':')) bare = bare.split(':', 1)[0] ?? ''
  const zone = bare.indexOf('%')
  if (zone !== -1) bare = bare.slice(0, zone)
  if (isIPv4(bare)) return bare
  if (!isIPv6(bare)) return undefined
  const words = expandIPv6(bare)
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff
  return isMapped ? toIPv4(words[6] ?? 0, words[7] ?? 0) : bare.toLowerCase()
}

/**
 * Under what an address is counted: v4 by itself, v6 by its first 64 bits, because whoever has one v6 address has 2^64 of them.
 * What is no address is counted as one crowd.
 */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address === '' ? 'unknown' : address
  const prefix = expandIPv6(address).slice(0, 4)
  return `${prefix.map((word) => word.toString(16)).join(':')}::/64`
}

function expandIPv6(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const front = toWords(head)
  if (tail === undefined) return front
  const back = toWords(tail)
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back]
}

function toWords(part: string): number[] {
  if (part === '') return []
  return part.split(':').flatMap((word) => {
    if (!word.includes('.')) return [Number.parseInt(word, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

const toIPv4 = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.')
