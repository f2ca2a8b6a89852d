import { expect, test } from 'vitest'
import { createKnownAddresses } from './known-addresses.ts'

const addressOf = (key: string) => ({ key })

test('addresses are remembered up to so many bytes, however long they are, and the oldest go first', () => {
  const maxBytes = 100_000
  const known = createKnownAddresses(maxBytes)
  known.add('/first', addressOf('first'))
  for (let n = 0; n < 5000; n++) {
    const url = `/api/videos?q=${'x'.repeat((n * 37) % 3000)}&n=${n}`
    known.add(url, addressOf(`route:videos:${url}`))
    expect(known.figures().bytes).toBeLessThanOrEqual(maxBytes)
    expect(known.find(url)?.key).toBe(`route:videos:${url}`)
  }
  expect(known.find('/first')).toBeUndefined()
  expect(known.figures().entries).toBeGreaterThan(5)
})

test('an address that is longer than all that may be held is not remembered, and nothing else is forgotten for it', () => {
  const known = createKnownAddresses(5000)
  known.add('/short', addressOf('short'))
  known.add(`/${'x'.repeat(5000)}`, addressOf('long'))
  expect(known.find('/short')?.key).toBe('short')
  expect(known.figures().entries).toBe(1)
})

test('an address that is known again counts once', () => {
  const known = createKnownAddresses(5000)
  known.add('/again', addressOf('a'))
  const { bytes } = known.figures()
  for (let n = 0; n < 100; n++) known.add('/again', addressOf('a'))
  expect(known.figures()).toEqual({ entries: 1, bytes })
})
