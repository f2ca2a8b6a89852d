/** A box of an MP4 file: its kind, and where it and its content lie. Half-open. */
export type Box = { kind: string; start: number; content: number; end: number }

class BrokenBox extends Error {}

/** The boxes that follow each other in a part of a file. */
export function* boxesIn(file: Uint8Array, start = 0, end = file.length): Generator<Box> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let at = start
  while (at < end) {
    if (at + 8 > end) throw new BrokenBox(`a box at ${at} is cut off`)
    let size = view.getUint32(at)
    let content = at + 8
    if (size === 1) {
      if (at + 16 > end) throw new BrokenBox(`a box at ${at} is cut off`)
      size = Number(view.getBigUint64(at + 8))
      content = at + 16
    } else if (size === 0) size = end - at
    if (size < content - at || at + size > end) throw new BrokenBox(`a box at ${at} says ${size} bytes`)
    const kind = String.fromCharCode(...file.subarray(at + 4, at + 8))
    yield { kind, start: at, content, end: at + size }
    at += size
  }
}

export function findBox(file: Uint8Array, path: readonly string[], start = 0, end = file.length): Box | undefined {
  const [kind, ...rest] = path
  for (const box of boxesIn(file, start, end)) {
    if (box.kind !== kind) continue
    return rest.length === 0 ? box : findBox(file, rest, box.content, box.end)
  }
  return undefined
}

export type CellFacts = { samples: number; startTicks: number }

/** How many samples the fragments hold together, and the time of the first. */
export function readCell(cell: Uint8Array): CellFacts {
  const view = new DataView(cell.buffer, cell.byteOffset, cell.byteLength)
  const boxes = [...boxesIn(cell)]
  const parts = boxes.filter(({ kind }) => kind === 'moof').flatMap((moof) => partsOf(cell, moof))
  const first = parts.find(({ kind }) => kind === 'tfdt')
  if (!first || !boxes.some(({ kind }) => kind === 'mdat')) throw new BrokenBox('no fragment with a time and data')
  const samples = parts.filter(({ kind }) => kind === 'trun').reduce((sum, trun) => sum + view.getUint32(trun.content + 4), 0)
  return { samples, startTicks: timeOf(view, first) }
}

function partsOf(cell: Uint8Array, moof: Box): Box[] {
  const tracks = [...boxesIn(cell, moof.content, moof.end)].filter(({ kind }) => kind === 'traf')
  return tracks.flatMap((traf) => [...boxesIn(cell, traf.content, traf.end)])
}

const timeOf = (view: DataView, tfdt: Box) =>
  view.getUint8(tfdt.content) === 1 ? Number(view.getBigUint64(tfdt.content + 4)) : view.getUint32(tfdt.content + 4)

/** Ticks a second, from an init section. */
export function timescaleOf(init: Uint8Array): number {
  const mdhd = findBox(init, ['moov', 'trak', 'mdia', 'mdhd'])
  if (!mdhd) throw new BrokenBox('no mdhd')
  const view = new DataView(init.buffer, init.byteOffset, init.byteLength)
  return view.getUint32(mdhd.content + (view.getUint8(mdhd.content) === 1 ? 20 : 12))
}
