import { expect, test } from 'vitest'
import { type Holder, type Slab, Slabs } from './slabs.ts'

const all = 24

/** A line that holds what it was given until it is told to hand it on. */
function lineOf(slabs: Slabs, slab: Slab | Promise<Slab>): Holder & { slab: Slab; isFlushed: boolean } {
  if (slab instanceof Promise) throw new Error('no slab is free')
  const line = {
    slab,
    isFlushed: false,
    flush() {
      line.isFlushed = true
      slabs.handsOn(line)
    },
  }
  slabs.holds(line)
  return line
}

test('Where slow lines hold all memory, those that held theirs the longest hand it on to whoever waits', async () => {
  const slabs = new Slabs()
  const slow = Array.from({ length: all }, () => lineOf(slabs, slabs.take()))
  const waiting = [0, 1].map(() => Promise.resolve(slabs.take()))
  expect(slow.map(({ isFlushed }) => isFlushed)).toEqual(slow.map((_, n) => n < 2))
  for (const { slab } of slow.slice(0, 2)) slabs.give(slab)
  expect(await Promise.all(waiting)).toEqual(slow.slice(0, 2).map(({ slab }) => slab))
})

test('Where most memory is with the threads, whoever waits is given what comes back, and nobody is hurried', async () => {
  const slabs = new Slabs()
  const lines = Array.from({ length: all }, () => lineOf(slabs, slabs.take()))
  const busy = lines.slice(0, all / 2)
  for (const line of busy) line.flush()
  const waiting = slabs.take()
  expect(lines.filter(({ isFlushed }) => isFlushed)).toEqual(busy)
  for (const { slab } of busy) slabs.give(slab)
  expect(await waiting).toBe(busy[0]?.slab)
})
