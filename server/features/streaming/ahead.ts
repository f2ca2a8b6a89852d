import type { Transcoding } from '#server/features/transcoding/index.ts'

type Expect = Transcoding['expect']
type Passed = { videoId: string; generation: number; row: string; cell: number; cells: number }

/** So many cells are ordered beyond the two that a viewer who waits is given. */
const orderedCells = 5
const servedCells = 2
const most = 2000

/** Just ahead of viewers: when one comes near the end of what was ordered for them, the next cells are. */
export function createAhead(expect: Expect) {
  const orders = new Map<string, { start: number; end: number }>()
  return {
    passes({ videoId, generation, row, cell, cells }: Passed): void {
      const name = `${videoId}/${generation}/${row}`
      const known = orders.get(name)
      if (known && cell >= known.start - servedCells && cell < known.end - servedCells) return
      const start = known && cell >= known.start && cell < known.end ? known.end : cell + servedCells
      const end = Math.min(cells, start + orderedCells)
      if (start >= end) return
      orders.delete(name)
      orders.set(name, { start, end })
      const [oldest] = orders.keys()
      if (orders.size > most && oldest !== undefined) orders.delete(oldest)
      // A hint: who comes there and finds nothing waits and is served.
      expect({ videoId, generation, row, cells: { start, end } }).catch(() => {})
    },
  }
}
