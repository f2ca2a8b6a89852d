import { type Box, boxesIn, findBox } from '../cell/boxes.ts'
import { box, viewOf } from './boxes.ts'

/** What players need of a sample entry beside its fixed part; everything else that a file says there stays behind. */
const needed = ['avcC', 'hvcC', 'av1C', 'vpcC', 'esds', 'dOps', 'dfLa', 'pasp']
const fixed = { video: 78, sound: 28 }

/** The entry as ISO/IEC 14496-12 (12.1.3, 12.2.3) has it: QuickTime puts more facts, other boxes and an end mark into its own. */
export function plainEntry(entry: Uint8Array, kind: 'video' | 'sound'): Uint8Array {
  const name = String.fromCharCode(...entry.subarray(4, 8))
  const head = entry.slice(8, 8 + fixed[kind])
  const version = kind === 'sound' ? viewOf(entry).getUint16(16) : 0
  const more = version === 1 ? 16 : version === 2 ? 36 : 0
  if (kind === 'sound') viewOf(head).setUint16(8, 0)
  const parts = partsOf(entry, 8 + fixed[kind] + more)
  const wave = parts.find((part) => part.kind === 'wave')
  const inside = wave ? [findBox(entry, ['esds'], wave.content, wave.end) ?? wave] : []
  const kept = [...parts, ...inside].filter((part) => needed.includes(part.kind) || isPlainColour(entry, part))
  return box(name, head, ...kept.map(({ start, end }) => entry.subarray(start, end)))
}

/** Where the codec's own description lies in a plain entry. */
export function configOf(entry: Uint8Array, kind: 'video' | 'sound', name: string): Uint8Array | undefined {
  const part = partsOf(entry, 8 + fixed[kind]).find((one) => one.kind === name)
  return part && entry.subarray(part.content, part.end)
}

function partsOf(entry: Uint8Array, at: number): Box[] {
  // QuickTime ends its list with four zeros.
  const end = entry.length - (viewOf(entry).getUint32(entry.length - 4) === 0 && !isWhole(entry, at) ? 4 : 0)
  return [...boxesIn(entry, at, end)]
}

function isWhole(entry: Uint8Array, start: number): boolean {
  let at = start
  while (at + 8 <= entry.length) {
    const size = viewOf(entry).getUint32(at)
    if (size < 8) return false
    at += size
  }
  return at === entry.length
}

const isPlainColour = (entry: Uint8Array, { kind, content }: Box) =>
  kind === 'colr' && String.fromCharCode(...entry.subarray(content, content + 4)) === 'nclx'
