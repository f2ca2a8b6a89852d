import { open } from 'node:fs/promises'
import { allowList, sourceName } from '../command/source.ts'
import { openRoom } from '../plan/make-plan.ts'
import { probeLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'

/** Containers whose head says how long they are, which FFmpeg believes whatever follows. MP4 is counted from its samples. */
const believed = { matroska: [0x1a, 0x45, 0xdf, 0xa3], riff: [0x52, 0x49, 0x46, 0x46], flash: [0x46, 0x4c, 0x56, 0x01] }
const beyondTheEnd = '99999999%'

/**
 * The last moment that a file shows, seconds, by looking at its end. Undefined: its kind is told rightly by its head, or nothing was found there (a
 * sparse copy has nothing).
 */
export async function realEndOf(seal: Seal, source: string, signal: AbortSignal): Promise<number | undefined> {
  const head = await bytesAt(source, 0, 4)
  const is = (magic: readonly number[]) => magic.every((byte, place) => head[place] === byte)
  if (is(believed.flash)) return await endOfFlash(source)
  return is(believed.matroska) || is(believed.riff) ? await endByPackets(seal, source, signal) : undefined
}

/** Each tag of FLV is followed by its size: the last one is found from the end. */
async function endOfFlash(source: string): Promise<number | undefined> {
  const size = await sizeOf(source)
  const length = new DataView((await bytesAt(source, size - 4, 4)).buffer).getUint32(0)
  const start = size - 4 - length
  if (length < 11 || start < 13) return undefined
  const tag = new DataView((await bytesAt(source, start, 11)).buffer)
  if (![8, 9, 18].includes(tag.getUint8(0)) || (tag.getUint32(0) & 0xffffff) + 11 !== length) return undefined
  return ((tag.getUint8(7) << 24) | (tag.getUint32(4) >>> 8)) / 1000
}

async function endByPackets(seal: Seal, source: string, signal: AbortSignal): Promise<number | undefined> {
  await using room = await openRoom()
  let lastS: number | undefined
  const onLine = (line: string) => {
    const [from = '', lasts = ''] = line.split(',')
    const endS = Number.parseFloat(from) + (Number.parseFloat(lasts) || 0)
    if (Number.isFinite(endS)) lastS = Math.max(lastS ?? 0, endS)
  }
  const shown = ['-v', 'error', '-read_intervals', beyondTheEnd, '-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0']
  const words = [...allowList(), ...shown, sourceName]
  const end = await runTool(seal, { program: 'ffprobe', words, folder: room.folder, source, limits: probeLimits, signal, onLine })
  if (end.state === 'aborted') throw signal.reason
  return end.state === 'done' ? lastS : undefined
}

async function bytesAt(path: string, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await open(path)
  const bytes = new Uint8Array(length)
  await file.read(bytes, 0, length, Math.max(0, start))
  return bytes
}

async function sizeOf(path: string): Promise<number> {
  await using file = await open(path)
  return (await file.stat()).size
}
