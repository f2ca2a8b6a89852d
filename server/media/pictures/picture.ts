import { rgbaToThumbHash } from 'thumbhash'
import type { Size } from './storyboard-plan.ts'

/** Red, green and blue of each point: nothing that a file could hide something in. */
export type Picture = Size & { rgb: Uint8Array }

const formats = { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' } as const
export type Format = keyof typeof formats
export type Encoded = { width: number; format: Format; type: string; bytes: Uint8Array }

const posterWidths = [320, 640, 1280] as const

/** Loaded with the first picture: most processes never make one. */
const load = async () => (await import('sharp')).default

const open = async ({ rgb, width, height }: Picture) => (await load())(rgb, { raw: { width, height, channels: 3 } })

/** In every format at every width; never larger than it is, and then said so. */
export async function encodePoster(picture: Picture): Promise<Encoded[]> {
  const encoded: Encoded[] = []
  for (const width of posterWidths)
    for (const format of Object.keys(formats) as Format[]) encoded.push(await encodePicture(picture, { width, format }))
  return encoded
}

async function encodePicture(picture: Picture, { width, format }: { width: number; format: Format }): Promise<Encoded> {
  const resized = (await open(picture)).resize({ width, withoutEnlargement: true, kernel: 'lanczos3' })
  const coded = {
    avif: () => resized.avif({ quality: 55, effort: 3 }),
    webp: () => resized.webp({ quality: 76, effort: 4 }),
    jpg: () => resized.jpeg({ quality: 80, progressive: true }),
  }[format]()
  return { width, format, type: formats[format], bytes: await coded.toBuffer() }
}

export const encodeSheet = async (picture: Picture): Promise<Uint8Array> =>
  await (await open(picture)).webp({ quality: 58, effort: 3 }).toBuffer()

/** Some thirty bytes that a page can draw before the picture is there; in base64. */
export async function thumbhashOf(picture: Picture): Promise<string> {
  const small = (await open(picture)).resize({ width: 100, height: 100, fit: 'inside' }).ensureAlpha().raw()
  const { data, info } = await small.toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}

/** Frames one above the other, as a picture that moves. */
export async function encodeMoving(frames: Picture, count: number, delayMs: number): Promise<Uint8Array> {
  const { width, height, rgb } = frames
  const raw = { width, height, channels: 3 as const, pageHeight: height / count }
  const delay = Array.from({ length: count }, () => delayMs)
  const sharp = await load()
  return await sharp(rgb, { raw }).webp({ quality: 50, effort: 3, delay, loop: 0 }).toBuffer()
}
