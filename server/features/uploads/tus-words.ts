/** The words of tus 1.0.0, in and out of headers. What is malformed is undefined. */
export const version = '1.0.0'
export const extensions = ['creation', 'creation-with-upload', 'termination', 'checksum', 'expiration', 'concatenation'] as const
export const algorithms = ['sha1', 'md5', 'sha256'] as const

/** "Upload-Metadata": pairs of a key and a value in Base64, a comma between pairs; the value may be absent, a key may not come twice. */
export function parseMetadata(header: string | undefined): Map<string, string> | undefined {
  const found = new Map<string, string>()
  if (header === undefined || header.trim() === '') return found
  for (const pair of header.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ')
    const isPair = /^[\x21-\x2b\x2d-\x7e]+$/.test(key) && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && more.length === 0 && !found.has(key)
    if (!isPair) return undefined
    found.set(key, Buffer.from(value, 'base64').toString('utf8'))
  }
  return found
}

/** "Upload-Checksum": the algorithm, a space, the checksum in Base64. `unknown`: an algorithm that is not offered. */
export function parseChecksum(header: string): { algorithm: string; digest: string } | 'unknown' | undefined {
  const found = /^([a-z0-9-]+) ([A-Za-z0-9+/]+={0,2})$/.exec(header.trim())
  const [, algorithm = '', digest = ''] = found ?? []
  if (!found) return undefined
  if (!algorithms.some((known) => known === algorithm)) return 'unknown'
  return { algorithm, digest: Buffer.from(digest, 'base64').toString('hex') }
}

/** "Upload-Concat": `partial`, or `final;` and the addresses of the parts, a space between them. */
export function parseConcat(header: string): { kind: 'partial' } | { kind: 'final'; urls: string[] } | undefined {
  if (header === 'partial') return { kind: 'partial' }
  const urls = /^final;(.*)$/.exec(header)?.[1]?.split(' ').filter(Boolean) ?? []
  return urls.length > 0 && urls.length <= 1000 ? { kind: 'final', urls } : undefined
}

export function parseLength(header: string | undefined): number | undefined {
  if (header === undefined || !/^[0-9]{1,16}$/.test(header)) return undefined
  const length = Number(header)
  return Number.isSafeInteger(length) ? length : undefined
}
