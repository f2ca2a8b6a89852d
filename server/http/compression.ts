import type { Transform } from 'node:stream'
import { promisify } from 'node:util'
import { brotliCompress, constants, createBrotliCompress, createGzip, createZstdCompress, gzip, zstdCompress } from 'node:zlib'

export type Encoding = 'br' | 'zstd' | 'gzip'
export type Accepted = ReadonlySet<Encoding>

/** Made once and kept: worth the best that is quick enough. */
export const preparedOrder = ['br', 'zstd', 'gzip'] as const
/** Made for one answer. */
export const freshOrder = ['zstd', 'br', 'gzip'] as const

/** Below this a compressed answer saves no packet. */
export const worthwhileBytes = 1024

const none: Accepted = new Set()
const negotiated = new Map<string, Accepted>()

export function acceptedEncodings(header: string | string[] | undefined): Accepted {
  if (typeof header !== 'string' || header === '') return none
  const known = negotiated.get(header)
  if (known) return known
  if (negotiated.size > 500) negotiated.clear()
  const accepted = negotiate(header)
  negotiated.set(header, accepted)
  return accepted
}

function negotiate(header: string): Accepted {
  const weights = new Map<string, number>()
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    weights.set(name === 'x-gzip' ? 'gzip' : name, Number.isFinite(weight) ? weight : 0)
  }
  return new Set(preparedOrder.filter((encoding) => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0))
}

export function pick(accepted: Accepted, order: readonly Encoding[]): Encoding | undefined {
  return accepted.size === 0 ? undefined : order.find((encoding) => accepted.has(encoding))
}

const brotli = promisify(brotliCompress)
const zstd = promisify(zstdCompress)
const zip = promisify(gzip)

/** On the pool of threads, never on the loop. */
export function compress(bytes: string | Uint8Array, encoding: Encoding, effort: 'quick' | 'best'): Promise<Buffer> {
  const isBest = effort === 'best'
  switch (encoding) {
    case 'br':
      return brotli(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: isBest ? 9 : 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      })
    case 'zstd':
      return zstd(bytes, { params: { [constants.ZSTD_c_compressionLevel]: isBest ? 12 : 3 } })
    case 'gzip':
      return zip(bytes, { level: isBest ? 9 : 5 })
  }
}

/** For answers that come bit by bit: what has been written leaves at once. */
export function compressor(encoding: Encoding): Transform {
  switch (encoding) {
    case 'br':
      return createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH, params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
    case 'zstd':
      return createZstdCompress({ flush: constants.ZSTD_e_flush, params: { [constants.ZSTD_c_compressionLevel]: 3 } })
    case 'gzip':
      return createGzip({ flush: constants.Z_SYNC_FLUSH, level: 5 })
  }
}

const compressible =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml)|application\/(?:javascript|vnd\.apple\.mpegurl)|image\/svg\+xml|application\/wasm)/

export const isCompressible = (contentType: string) => compressible.test(contentType)
