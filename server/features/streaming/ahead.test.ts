import { expect, test } from 'vitest'
import { createAhead } from './ahead.ts'

type Ordered = { row: string; cells: { start: number; end: number } }

function stage() {
  const orders: Ordered[] = []
  const ahead = createAhead(async ({ row, cells }) => void orders.push({ row, cells }))
  const passes = (cell: number, row = 'v360') => ahead.passes({ videoId: 'v', generation: 1, row, cell, cells: 20 })
  return { orders, passes, spans: () => orders.map(({ cells }) => [cells.start, cells.end]) }
}

test('[ST5] cells are ordered just ahead of a viewer, each once, up to the end of the film and no further', () => {
  const { passes, spans } = stage()
  for (let cell = 0; cell < 20; cell++) passes(cell)
  expect(spans()).toEqual([
    [2, 7],
    [7, 12],
    [12, 17],
    [17, 20],
  ])
})

test('[ST5] two who watch the same place order nothing twice; who seeks elsewhere is gone ahead of there', () => {
  const { passes, spans } = stage()
  for (const cell of [0, 0, 1, 1, 2]) passes(cell)
  passes(10)
  passes(11)
  expect(spans()).toEqual([
    [2, 7],
    [12, 17],
  ])
})
