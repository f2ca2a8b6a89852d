import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { newId } from '#server/lib/id.ts'
import type { SealKeys } from '#server/lib/sealed.ts'
import { openStream, sealStream } from '#server/lib/sealed-stream.ts'
import { BrokenBackup } from '../errors.ts'
import type { Line } from './lines.ts'

const about = 'backup'
const sealMagic = 'MSEAL'
const longestLine = 256 << 20

/** Writes the lines, squeezed and, with keys, sealed, aside; the file appears under its name whole and synced when `check` has read it back. */
export async function writeLines(
  path: string,
  keys: SealKeys | undefined,
  lines: AsyncIterable<string>,
  check: (draft: string) => Promise<void>,
): Promise<void> {
  if (existsSync(path)) throw new Error(`${path} stands already: a backup replaces nothing`)
  const draft = `${path}.${newId()}.partial`
  const file = await open(draft, 'wx', 0o600)
  try {
    await pipeline(chunksOf(lines), createZstdCompress(), async (source: AsyncIterable<Uint8Array>) => {
      for await (const chunk of keys ? sealStream(keys, about, source) : source) await file.writeFile(chunk) // goes on where the last one ended
    })
    await file.sync()
    await file.close()
    await check(draft)
    await appear(draft, path)
    await syncFolder(dirname(path))
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
}

/** Reads the lines in order. Ends with an error unless every one of them is as it was written. */
export async function* readLines(path: string, keys: SealKeys | undefined): AsyncGenerator<{ line: Line; text: string }> {
  const hash = createHash('sha256')
  let last: Line | undefined
  for await (const text of textLines(path, keys)) {
    if (isTail(last)) throw new BrokenBackup('it goes on behind its end')
    const line = parse(text)
    last = line
    if (isTail(line)) {
      if (line.sha256 !== hash.digest('hex')) throw new BrokenBackup('it was changed')
    } else hash.update(`${text}\n`)
    yield { line, text }
  }
  if (!isTail(last)) throw new BrokenBackup('its end is missing')
}

async function* textLines(path: string, keys: SealKeys | undefined): AsyncGenerator<string> {
  const packed = (await isSealed(path)) ? opened(path, keys) : createReadStream(path)
  const plain = createZstdDecompress()
  pipeline(packed, plain).catch(() => undefined) // whoever reads on hears of it
  let held: Buffer[] = []
  let heldBytes = 0
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...held, chunk.subarray(from, at)]).toString('utf8')
        held = []
        heldBytes = 0
        from = at + 1
      }
      held.push(chunk.subarray(from))
      heldBytes += chunk.byteLength - from
      if (heldBytes > longestLine) throw new BrokenBackup('a line without end')
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (/^Z(STD)?_/.test(String(error.code))) throw new BrokenBackup('it cannot be unpacked', error)
    throw error.code === 'sealed.broken' ? new BrokenBackup('it was changed, or breaks off', error) : error
  }
  if (heldBytes > 0) throw new BrokenBackup('its last line breaks off')
}

function opened(path: string, keys: SealKeys | undefined): AsyncIterable<Uint8Array> {
  if (!keys) throw new BrokenBackup('it is sealed, and no key was given')
  return openStream(keys, about, createReadStream(path))
}

export async function isSealed(path: string): Promise<boolean> {
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(sealMagic.length), 0, sealMagic.length, 0)
  return buffer.toString('latin1') === sealMagic
}

function parse(text: string): Line {
  try {
    return JSON.parse(text) as Line
  } catch (error) {
    throw new BrokenBackup('a line that is none of ours', error)
  }
}

function isTail(line: Line | undefined): line is Extract<Line, { done: true }> {
  return line !== undefined && 'done' in line
}

/** Pieces of some size: a squeezer asked line by line would be slow. */
async function* chunksOf(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = ''
  for await (const line of lines) {
    text += `${line}\n`
    if (text.length < 1 << 16) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

/** A link, unlike a renaming, replaces nothing; but not every file system knows links. */
async function appear(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (existsSync(path)) throw error
    await rename(draft, path)
  }
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder)
  await handle.sync()
}
