import type { Picture } from './picture.ts'

export type OwnPicture = { state: 'read'; picture: Picture } | { state: 'refused'; why: 'unsupported' | 'too_many_pixels' }

const caps = { pixels: 40_000_000, frames: 100, seconds: 10, side: 1280 }
const formats = ['jpeg', 'png', 'webp', 'gif', 'heif']

/** A picture that somebody brings for a film: of what they sent nothing but its light, upright and no larger than is shown. Of a moving one the first. */
export async function readPicture(bytes: Uint8Array): Promise<OwnPicture> {
  if (!isKnown(bytes)) return { state: 'refused', why: 'unsupported' }
  const { default: sharp } = await import('sharp')
  const open = () =>
    sharp(bytes, { limitInputPixels: caps.pixels, failOn: 'error', pages: 1, sequentialRead: true }).timeout({ seconds: caps.seconds })
  try {
    // Sizes stand in the head of the file: they are refused before anything is unpacked.
    const { format, width, height, pages = 1 } = await open().metadata()
    if (!formats.includes(format)) return { state: 'refused', why: 'unsupported' }
    if (width * height > caps.pixels || pages > caps.frames) return { state: 'refused', why: 'too_many_pixels' }
    const small = open().autoOrient().resize({ width: caps.side, height: caps.side, fit: 'inside', withoutEnlargement: true })
    const plain = small.flatten({ background: '#000' }).toColourspace('srgb').removeAlpha().raw()
    const { data, info } = await plain.toBuffer({ resolveWithObject: true })
    return { state: 'read', picture: { rgb: data, width: info.width, height: info.height } }
  } catch (error) {
    // The library refuses by its own count of pixels already while it reads the head.
    const isLarge = error instanceof Error && /pixel limit/i.test(error.message)
    return { state: 'refused', why: isLarge ? 'too_many_pixels' : 'unsupported' }
  }
}

/** By what the file begins with, never by what it says it is: no SVG, no PDF, nothing that is a program for a picture. */
function isKnown(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  const starts = ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'GIF87a', 'GIF89a']
  if (starts.some((start) => head.startsWith(start))) return true
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return true
  return head.slice(4, 8) === 'ftyp' && ['avif', 'avis', 'mif1'].includes(head.slice(8))
}
