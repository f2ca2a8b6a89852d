import { buffer } from 'node:stream/consumers'
import type { Blobs } from '#server/ports/blobs.ts'
import { createShelf } from './shelf.ts'

/** Bytes, or the place where the front finds them that stands before us. */
export type Delivered = { bytes: Uint8Array } | { elsewhere: string }

/** A blob, and which of those that had its name: when it came. */
type Stored = { name: string; version: number }

export type DeliveryParts = {
  blobs: Blobs
  /** Nginx stands in front, and sends stored bytes itself. */
  isFrontSending: () => boolean
}

const hotBytes = 96 * 2 ** 20
const signedMs = 10 * 60_000

/** Cells on their way out: those of films that many watch lie in memory, and are read once however many ask. */
export function createDelivery({ blobs, isFrontSending }: DeliveryParts) {
  const hot = createShelf<Uint8Array>(hotBytes, (bytes) => bytes.length)

  const deliver = async ({ name, version }: Stored): Promise<Delivered> => {
    if (!isFrontSending()) return { bytes: await hot.get(`${name} ${version}`, async () => await buffer(blobs.read(name))) }
    return { elsewhere: await placeOf(name) }
  }

  /** As the front knows it: the locations of `nginxConfig`, which nobody else can ask for. */
  async function placeOf(name: string, contentType?: string): Promise<string> {
    if (!blobs.remote) return `/internal/blobs/${name}`
    const { pathname, search } = new URL(
      await blobs.remote.signedUrl(name, { expiresInMs: signedMs, ...(contentType === undefined ? {} : { contentType }) }),
    )
    return `/internal/s3${pathname}${search}`
  }

  return {
    deliver /** The store may have been told another type, or none, when it came. */,
    placeOf: async (name: string, contentType: string) => (isFrontSending() ? await placeOf(name, contentType) : undefined),
    figures: hot.figures,
  }
}

export type Delivery = ReturnType<typeof createDelivery>

/** What an answer says of it: the bytes themselves, or nothing but the word to the front. */
export const answered = (delivered: Delivered, headers: Record<string, string>) =>
  'bytes' in delivered
    ? ({ status: 200, headers, bytes: delivered.bytes } as const)
    : ({ status: 200, headers: { ...headers, 'x-accel-redirect': delivered.elsewhere }, bytes: '' } as const)
