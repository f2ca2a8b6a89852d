import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { allowFrames } from '../command/source.ts'
import { repackageLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'

const caps = { frames: 3000, pixels: 8192 * 4320, filmPixels: 2 ** 30, bytes: 512 * 2 ** 20, stretchPixels: 2 ** 25 }

/** A WebP that moves. FFmpeg 5 can not read these; a GIF it can. */
export async function isAnimatedPicture(path: string): Promise<boolean> {
  await using file = await open(path)
  const head = new Uint8Array(32)
  await file.read(head, 0, 32, 0)
  const text = String.fromCharCode(...head)
  return text.startsWith('RIFF') && text.slice(8, 16) === 'WEBPVP8X' && ((head[20] ?? 0) & 2) !== 0
}

export type PictureFilm = { state: 'done'; path: string } | { state: 'failed'; log: string }

/** Its frames, each as often as its delay asks on a constant rate, as one film of JPEGs. */
export async function filmOfPictures(
  seal: Seal,
  film: { source: string; path: string; folder: string },
  signal: AbortSignal,
): Promise<PictureFilm> {
  const raw = join(film.folder, 'pictures.mjpeg')
  try {
    const tickMs = await writeFrames(film.source, raw, signal)
    const input = [...allowFrames, '-f', 'mjpeg', '-framerate', `1000/${tickMs}`, '-i', 'pictures.mjpeg']
    const words = ['-nostdin', '-v', 'error', '-y', ...input, '-c', 'copy', '-f', 'matroska', 'pictures.mkv']
    const end = await runTool(seal, { program: 'ffmpeg', words, folder: film.folder, limits: repackageLimits(caps.bytes), signal })
    return end.state === 'done' ? { state: 'done', path: film.path } : { state: 'failed', log: `${end.state} ${end.log}` }
  } catch (error) {
    signal.throwIfAborted()
    return { state: 'failed', log: error instanceof Error ? error.message : String(error) }
  } finally {
    await rm(raw, { force: true })
  }
}

async function writeFrames(source: string, raw: string, signal: AbortSignal): Promise<number> {
  const { default: sharp } = await import('sharp')
  const facts = await sharp(source, { limitInputPixels: caps.pixels }).metadata()
  const { width, pageHeight = facts.height, pages = 1 } = facts
  if (pages > caps.frames || width * pageHeight * pages > caps.filmPixels) throw new Error(`${pages} pictures of ${width} x ${pageHeight}`)
  const delays = Array.from({ length: pages }, (_, page) => shownMs(facts.delay?.[page]))
  const tickMs = Math.max(20, delays.reduce(divisor))
  await using file = await open(raw, 'w')
  let written = 0
  for await (const [page, bytes] of picturesOf(source, { pages, width, height: pageHeight }, signal)) {
    const copies = Math.max(1, Math.round((delays[page] ?? tickMs) / tickMs))
    written += bytes.length * copies
    if (written > caps.bytes) throw new Error('its pictures are too many for a film')
    for (let copy = 0; copy < copies; copy++) await file.writeFile(bytes)
  }
  return tickMs
}

/** Read by the stretch: each picture of such a file is drawn over those before it, all of which are decoded again for every question. */
async function* picturesOf(
  source: string,
  { pages, width, height }: { pages: number; width: number; height: number },
  signal: AbortSignal,
): AsyncGenerator<[number, Buffer]> {
  const { default: sharp } = await import('sharp')
  const most = Math.max(1, Math.floor(caps.stretchPixels / (width * height)))
  for (let page = 0; page < pages; page += most) {
    signal.throwIfAborted()
    const count = Math.min(most, pages - page)
    const stretch = sharp(source, { page, pages: count, limitInputPixels: caps.stretchPixels + caps.pixels })
    const { data, info } = await stretch.flatten({ background: '#000' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
    const size = info.width * height * info.channels
    for (let place = 0; place < count; place++) {
      const raw = { width: info.width, height, channels: info.channels }
      const picture = sharp(data.subarray(place * size, (place + 1) * size), { raw })
      yield [page + place, await picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()]
    }
  }
}

/** Browsers show what asks for less than two hundredths of a second for a tenth. */
const shownMs = (delay: number | undefined): number => (delay === undefined || delay < 20 ? 100 : Math.min(delay, 60_000))

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}
