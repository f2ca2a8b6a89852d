import type { Metadata, Sharp } from 'sharp'
import { Problem } from '#server/lib/problem.ts'
import type { AvatarQuery } from '#shared/api/accounts.ts'

const mostPixels = 40_000_000
const mostFrames = 100
const longestS = 10

export type Drawn = { pixels: number; bytes: Buffer }

/** Squares of some sizes, as WebP with nothing of the original but its light: no names, places or cameras. The first frame of a moving picture. */
export async function drawSquares(bytes: Uint8Array, square: AvatarQuery, sizes: readonly number[]): Promise<Drawn[]> {
  if (!isKnown(bytes)) throw unsupported()
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  const open = () =>
    sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', pages: 1, sequentialRead: true }).timeout({ seconds: longestS })
  try {
    const area = cut(await measure(open()), square)
    const drawn: Drawn[] = []
    for (const pixels of sizes) {
      const picture = open().autoOrient().extract(area).resize(pixels, pixels, { fit: 'fill' }).webp({ quality: 82 })
      drawn.push({ pixels, bytes: await picture.toBuffer() })
    }
    return drawn
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw unsupported(cause)
  }
}

/** Sizes stand in the head of the file: they are read, and refused, before anything is unpacked. */
async function measure(picture: Sharp): Promise<{ width: number; height: number }> {
  const head: Metadata = await picture.metadata().catch((cause: unknown) => {
    // The library refuses by its own count of pixels already while it reads the head.
    if (cause instanceof Error && /pixel limit/i.test(cause.message)) throw tooManyPixels(cause)
    throw unsupported(cause)
  })
  const { width, height } = head.autoOrient
  if (!formats.has(head.format ?? '') || !width || !height) throw unsupported()
  if (width * height > mostPixels || (head.pages ?? 1) > mostFrames) throw tooManyPixels()
  return { width, height }
}

function cut({ width, height }: { width: number; height: number }, { left, top, size }: AvatarQuery) {
  const side = size ?? Math.min(width, height)
  const area = { left: left ?? Math.floor((width - side) / 2), top: top ?? Math.floor((height - side) / 2), width: side, height: side }
  const isInside = area.left >= 0 && area.top >= 0 && area.left + side <= width && area.top + side <= height
  if (!isInside) throw new Problem('invalid', 'avatar.outside')
  return area
}

const formats = new Set(['jpeg', 'png', 'webp', 'gif', 'heif'])

// By what the file begins with, never by what it says it is: no SVG, no PDF, nothing that is a program for a picture.
function isKnown(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  return (
    head.startsWith('\xff\xd8\xff') ||
    head.startsWith('\x89PNG\r\n\x1a\n') ||
    head.startsWith('GIF87a') ||
    head.startsWith('GIF89a') ||
    (head.startsWith('RIFF') && head.endsWith('WEBP')) ||
    (head.slice(4, 8) === 'ftyp' && ['avif', 'avis', 'mif1'].includes(head.slice(8)))
  )
}

const unsupported = (cause?: unknown) => new Problem('unsupported', 'avatar.unsupported', { cause })
const tooManyPixels = (cause?: unknown) =>
  new Problem('invalid', 'avatar.too_many_pixels', { cause, params: { limit: mostPixels / 1_000_000 } })
