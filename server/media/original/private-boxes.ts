import type { ReadAt } from '../source/read-at.ts'
import type { Blank } from './blanks.ts'
import { viewOf } from './boxes.ts'
import { readTable } from './track.ts'

type Outline = { kind: string; start: number; content: number; end: number }

const parents = ['moov', 'trak', 'mdia', 'moof', 'traf']
/** Places, cameras, names, covers and whatever programs keep for themselves. */
const told = ['udta', 'meta', 'uuid', 'ilst', 'id32', 'ID32', 'Xtra', 'PICT']
/** Moments of making stand in these, beside what a player needs. */
const dated = ['mvhd', 'tkhd', 'mdhd']
const caps = { boxes: 200_000, depth: 6, tableBytes: 64 * 2 ** 20, blanks: 200_000 }

/** [T33] Where an MP4 or QuickTime file speaks of people rather than of the film. Reads the heads of boxes only. */
export async function privateBoxes(readAt: ReadAt, size: number): Promise<Blank[] | undefined> {
  const walk = { readAt, seen: 0, blanks: [] as Blank[] }
  const isWhole = await walkBoxes(walk, { start: 0, end: size }, 0)
  return isWhole ? walk.blanks : undefined
}

type Walk = { readAt: ReadAt; seen: number; blanks: Blank[] }

async function walkBoxes(walk: Walk, span: { start: number; end: number }, depth: number): Promise<boolean> {
  for (let at = span.start; at + 8 <= span.end; ) {
    const box = await readBox(walk.readAt, at, span.end)
    if (!box || ++walk.seen > caps.boxes) return false
    if (told.includes(box.kind)) walk.blanks.push(emptied(box))
    else if (dated.includes(box.kind)) walk.blanks.push(await undated(walk.readAt, box))
    else if (box.kind === 'trak' && (await isTelemetry(walk.readAt, box))) {
      const samples = await samplesOf(walk.readAt, box)
      if (!samples) return false
      walk.blanks.push(emptied(box), ...samples)
    } else if (parents.includes(box.kind)) {
      if (depth >= caps.depth || !(await walkBoxes(walk, { start: box.content, end: box.end }, depth + 1))) return false
    }
    at = box.end
  }
  return true
}

/** Streams that a film is made of. Cameras write others beside it: where they were, how they were held, who was in front of them. */
const handlers = ['vide', 'soun', 'sbtl', 'subt', 'text', 'clcp', 'tmcd', 'auxv', 'hint']

async function isTelemetry(readAt: ReadAt, trak: Outline): Promise<boolean> {
  const hdlr = await findInside(readAt, trak, ['mdia', 'hdlr'])
  return hdlr !== undefined && !handlers.includes(String.fromCharCode(...(await readAt(hdlr.content + 8, 4))))
}

async function findInside(readAt: ReadAt, parent: Outline, [kind, ...rest]: readonly string[]): Promise<Outline | undefined> {
  for (let at = parent.content, seen = 0; at + 8 <= parent.end && seen < caps.boxes; seen++) {
    const box = await readBox(readAt, at, parent.end)
    if (!box) return undefined
    if (box.kind === kind) return rest.length === 0 ? box : await findInside(readAt, box, rest)
    at = box.end
  }
  return undefined
}

/** What such a stream says, wherever it lies. Undefined: its places can not be read, or come in fragments. */
async function samplesOf(readAt: ReadAt, trak: Outline): Promise<Blank[] | undefined> {
  const stbl = await findInside(readAt, trak, ['mdia', 'minf', 'stbl'])
  if (!stbl || stbl.end - stbl.content > caps.tableBytes) return undefined
  const bytes = await readAt(stbl.content, stbl.end - stbl.content)
  const table = readTable(bytes, viewOf(bytes), { kind: 'stbl', start: 0, content: 0, end: bytes.length })
  if (!table) return undefined
  const blanks: Blank[] = []
  for (let i = 0; i < table.count; i++) {
    const start = table.offsets[i] ?? 0
    const end = start + (table.sizes[i] ?? 0)
    const last = blanks.at(-1)
    if (last?.end === start) last.end = end
    else blanks.push({ start, end, head: new Uint8Array() })
  }
  return blanks.length > caps.blanks ? undefined : blanks
}

async function readBox(readAt: ReadAt, start: number, end: number): Promise<Outline | undefined> {
  const head = await readAt(start, 16)
  if (head.length < 8) return undefined
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const short = view.getUint32(0)
  if (short === 1 && head.length < 16) return undefined
  const length = short === 0 ? end - start : short === 1 ? Number(view.getBigUint64(8)) : short
  const content = start + (short === 1 ? 16 : 8)
  if (start + length < content || start + length > end) return undefined
  return { kind: String.fromCharCode(...head.subarray(4, 8)), start, content, end: start + length }
}

/** The same length under the name of a box that everybody skips; its size stays as it was written. */
function emptied({ start, content, end }: Outline): Blank {
  const length = end - start
  const head = new Uint8Array(content - start)
  const view = new DataView(head.buffer)
  if (head.length === 16) {
    view.setUint32(0, 1)
    view.setBigUint64(8, BigInt(length))
  } else view.setUint32(0, length)
  head.set(new TextEncoder().encode('free'), 4)
  return { start, end, head }
}

async function undated(readAt: ReadAt, { content, end }: Outline): Promise<Blank> {
  const [version = 0] = await readAt(content, 1)
  const start = content + 4
  return { start, end: Math.min(end, start + (version === 1 ? 16 : 8)), head: new Uint8Array() }
}
