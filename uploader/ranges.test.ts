import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, nextBlock, type Range, without } from './ranges.ts'

const mebi = 1024 * 1024

test('what is taken away is gone, and nothing else', () => {
  expect(without([{ start: 0, end: 10 }], { start: 3, end: 5 })).toEqual([
    { start: 0, end: 3 },
    { start: 5, end: 10 },
  ])
  expect(without([{ start: 0, end: 10 }], { start: 0, end: 10 })).toEqual([])
  expect(without([{ start: 5, end: 10 }], { start: 0, end: 5 })).toEqual([{ start: 5, end: 10 }])
})

test('the head goes first, then the tail, then the rest in order', () => {
  const size = 5 * mebi
  let missing: Range[] = [{ start: 0, end: size }]
  const starts: number[] = []
  for (let block = nextBlock(missing, size, mebi); block; block = nextBlock(missing, size, mebi)) {
    starts.push(block.start / mebi)
    missing = without(missing, block)
  }
  expect(starts).toEqual([0, 4, 1, 2, 3])
})

test('every byte is sent once, whatever the sizes of file and blocks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 * mebi }), fc.integer({ min: 64 * 1024, max: 8 * mebi }), (size, blockBytes) => {
      let missing: Range[] = [{ start: 0, end: size }]
      let sent = 0
      for (let block = nextBlock(missing, size, blockBytes); block; block = nextBlock(missing, size, blockBytes)) {
        expect(block.end - block.start).toBeLessThanOrEqual(blockBytes)
        sent += block.end - block.start
        missing = without(missing, block)
        expect(sent + bytesOf(missing)).toBe(size)
      }
      expect(sent).toBe(size)
    }),
  )
})
