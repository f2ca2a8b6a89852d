import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeCells, type RunOrder, type RunRoom } from './make-cells.ts'

/** The first from the source's last index entry, then further back, at last from the beginning. */
const leadsS: readonly number[] = [0.25, 3, 10, Number.MAX_SAFE_INTEGER]

export type Quarantined = { row: string; cell: number; why: string; log: string }
export type Outcome = { state: 'made' } | { state: 'quarantined'; cells: Quarantined[] } | { state: 'aborted' }

/**
 * Makes cells whatever the source is like: those that were not made right are tried again with a longer lead-in, and those that never
 * are, named with what was wrong. Ends always: each attempt has its deadline, and their number is fixed. Cells are handed over once.
 */
export async function makeInsistently(room: RunRoom, order: RunOrder): Promise<Outcome> {
  const done = new Set<string>()
  const faults = new Map<string, Quarantined>()
  const made: RunRoom['made'] = async (cell) => {
    const key = `${cell.row} ${cell.cell}`
    if (done.has(key)) return
    await room.made(cell)
    done.add(key)
    faults.delete(key)
  }
  const all = order.rows.flatMap((row) =>
    Array.from({ length: order.cells.end - order.cells.start }, (_, place) => ({ row, cell: order.cells.start + place })),
  )
  for (const leadS of leadsS.filter((lead) => lead >= order.leadS)) {
    const missing = all.filter(({ row, cell }) => !done.has(`${row} ${cell}`))
    if (missing.length === 0) break
    const folder = join(room.folder, `lead-${leadS}`)
    await mkdir(folder, { recursive: true })
    const numbers = missing.map(({ cell }) => cell)
    const run = await makeCells(
      { ...room, folder, made },
      {
        ...order,
        leadS,
        rows: order.rows.filter((row) => missing.some((one) => one.row === row)),
        cells: { start: Math.min(...numbers), end: Math.max(...numbers) + 1 },
      },
    )
    if (run.end.state === 'aborted') return { state: 'aborted' }
    for (const { row, cell } of missing) {
      const why = run.faults.find((fault) => fault.row === row && fault.cell === cell)?.why ?? `the run ${run.end.state}`
      if (!done.has(`${row} ${cell}`)) faults.set(`${row} ${cell}`, { row, cell, why, log: run.end.log })
    }
  }
  return faults.size === 0 ? { state: 'made' } : { state: 'quarantined', cells: [...faults.values()] }
}
