import { expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { createFoundCells } from './found-cells.ts'

test('[ST2] a cell that was found is not looked for again for a moment, what stands in for one always is', async () => {
  const clock = createHeldClock()
  const found = createFoundCells(clock)
  const cell = { name: 'cells/v/1/v360/0.m4s', isStandIn: false, version: 1 }
  found.keep(cell)
  found.keep({ name: 'cells/v/1/v360/1.stand-in.m4s', isStandIn: true, version: 1 })
  expect([found.recall(cell.name), found.recall('cells/v/1/v360/1.stand-in.m4s')]).toEqual([cell, undefined])
  found.forget(cell.name)
  expect(found.recall(cell.name)).toBeUndefined()
  found.keep(cell)
  await clock.advance(2000)
  expect(found.recall(cell.name)).toBeUndefined()
})
