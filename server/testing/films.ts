import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import sharp from 'sharp'

/** A film that carries its frame number as a barcode, and a click in the middle of each second: what is shown can be read back. */
export type FilmRecipe = {
  path: string
  frames: number
  /** As FFmpeg reads it: `24000/1001`. */
  rate: string
  width?: number
  height?: number
  /** Words for the output: codecs, containers, flags. */
  output: readonly string[]
  sound?: 'clicks' | 'none'
  /** Words between the inputs and the output: filters that bend the film. */
  filters?: readonly string[]
}

const bits = 16
const barcode = { width: 320, height: 180 }

export async function makeFilm(recipe: FilmRecipe): Promise<string> {
  const { width = 640, height = 360 } = recipe
  const seconds = recipe.frames / rateOf(recipe.rate)
  const clicks = `aevalsrc='if(between(mod(t,1),0.5,0.505),0.9*sin(2*PI*2000*t),0)':s=48000:d=${seconds}`
  const sound = recipe.sound === 'none' ? [] : ['-f', 'lavfi', '-i', clicks]
  const picture = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${barcode.width}x${barcode.height}`, '-r', recipe.rate, '-i', 'pipe:0']
  const shape = recipe.filters ?? ['-vf', `scale=${width}:${height}:flags=neighbor,format=yuv420p`]
  const words = ['-v', 'error', '-y', ...picture, ...sound, ...shape, ...recipe.output, recipe.path]
  await ffmpeg(words, framesOf(recipe.frames))
  return recipe.path
}

/** The same numbers as an animated WebP, which FFmpeg 5 neither writes nor reads. */
export async function makePictures(recipe: Pick<FilmRecipe, 'path' | 'frames'> & { delays: readonly number[] }): Promise<string> {
  const { width, height } = barcode
  const raw = { width, height: height * recipe.frames, channels: 1 as const, pageHeight: height }
  const delay = Array.from({ length: recipe.frames }, (_, place) => recipe.delays[place % recipe.delays.length] ?? 100)
  await sharp(Buffer.concat([...framesOf(recipe.frames)]), { raw })
    .webp({ lossless: true, effort: 0, delay, loop: 0 })
    .toFile(recipe.path)
  return recipe.path
}

function rateOf(rate: string): number {
  const [num = 1, den = 1] = rate.split('/').map(Number)
  return num / den
}

function* framesOf(count: number): Generator<Uint8Array> {
  for (let number = 0; number < count; number++) {
    const frame = new Uint8Array(barcode.width * barcode.height).fill(90)
    const bar = barcode.width / bits
    for (let bit = 0; bit < bits; bit++) {
      const shade = (number >> bit) & 1 ? 235 : 20
      for (let y = 30; y < 150; y++) frame.fill(shade, y * barcode.width + bit * bar, y * barcode.width + (bit + 1) * bar)
    }
    // Something that moves, so that no two frames are alike for the encoder.
    const x = (number * 7) % (barcode.width - 10)
    for (let y = 160; y < 175; y++) frame.fill(255, y * barcode.width + x, y * barcode.width + x + 10)
    yield frame
  }
}

/** The frame numbers that a file shows, in order, as a player would show them. */
export async function readNumbers(path: string, words: readonly string[] = [], grid = 'null'): Promise<number[]> {
  const raw = await ffmpeg([
    '-v',
    'error',
    ...words,
    '-i',
    path,
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-vf',
    `${grid},scale=${barcode.width}:${barcode.height}:flags=area,format=gray`,
    '-f',
    'rawvideo',
    'pipe:1',
  ])
  const size = barcode.width * barcode.height
  return Array.from({ length: Math.floor(raw.length / size) }, (_, place) => numberIn(raw.subarray(place * size, (place + 1) * size)))
}

function numberIn(frame: Uint8Array): number {
  const bar = barcode.width / bits
  let number = 0
  for (let bit = 0; bit < bits; bit++) {
    let sum = 0
    for (let y = 70; y < 110; y++) sum += frame[y * barcode.width + Math.floor((bit + 0.5) * bar)] ?? 0
    if (sum / 40 > 128) number |= 1 << bit
  }
  return number
}

/** The moments of the clicks, in seconds. */
export async function readClicks(
  path: string,
  entry: readonly string[] = [],
  words: readonly string[] = ['-map', '0:a:0'],
): Promise<number[]> {
  const raw = await ffmpeg(['-v', 'error', ...entry, '-i', path, ...words, '-ac', '1', '-ar', '48000', '-f', 's16le', 'pipe:1'])
  const samples = new Int16Array(raw.buffer, raw.byteOffset, Math.floor(raw.length / 2))
  const clicks: number[] = []
  for (let at = 0; at < samples.length; at++) {
    if (Math.abs(samples[at] ?? 0) < 8000) continue
    clicks.push(at / 48_000)
    at += 24_000
  }
  return clicks
}

/** One playable file out of a row's init section and cells. */
export async function joinCells(path: string, parts: readonly string[]): Promise<string> {
  await writeFile(path, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))))
  return path
}

/** FFmpeg itself, outside any seal: makes and reads what tests look at. */
export async function ffmpeg(words: readonly string[], input?: Iterable<Uint8Array>): Promise<Buffer> {
  const child = spawn(
    'ffmpeg',
    ['-nostdin', ...words].filter((word) => word !== '-nostdin' || input === undefined),
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const out: Buffer[] = []
  let log = ''
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (text: Buffer) => {
    log += text.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdin.on('error', () => {})
  for (const bytes of input ?? []) {
    if (!child.stdin.write(bytes)) await new Promise((resolve) => child.stdin.once('drain', resolve))
  }
  child.stdin.end()
  if ((await ended) !== 0) throw new Error(`ffmpeg ${words.join(' ')}\n${log}`)
  return Buffer.concat(out)
}
