import { describe, expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { Admission } from './admission.ts'
import type { Gathered } from './gathered.ts'
import { Gatherer } from './gatherer.ts'
import { Wheel } from './wheel.ts'

describe('the wheel', () => {
  test('visits each thing when it is due, by one timer, however many there are', async () => {
    const clock = createHeldClock()
    const visits: [string, number][] = []
    const wheel = new Wheel<{ name: string; everyMs: number }>({
      clock,
      tickMs: 250,
      visit: ({ name, everyMs }) => {
        visits.push([name, clock.monotonicMs()])
        return everyMs
      },
    })
    for (let n = 0; n < 1000; n++) wheel.in(20_000, { name: 'many', everyMs: 20_000 })
    wheel.in(5_000, { name: 'one', everyMs: 5_000 })
    expect(clock.waiting).toBe(1)
    await clock.advance(20_500)
    expect(visits.filter(([name]) => name === 'many')).toHaveLength(1000)
    expect(visits.filter(([name]) => name === 'one').map(([, ms]) => ms)).toEqual([5_000, 10_000, 15_000, 20_000])
    wheel.stop()
  })

  test('lets go of what does not want to be visited again', async () => {
    const clock = createHeldClock()
    let visits = 0
    const wheel = new Wheel<string>({
      clock,
      tickMs: 100,
      visit: () => {
        visits++
        return undefined
      },
    })
    wheel.in(100, 'once')
    await clock.advance(60_000)
    expect(visits).toBe(1)
    wheel.stop()
  })
})

describe('gathering', () => {
  const entry = (text: string, key?: string) => ({ text, key, except: undefined })
  const open = (readers = 1) => {
    const clock = createHeldClock()
    const left: [atMs: number, texts: string[]][] = []
    const flush = (gathered: Gathered) => left.push([clock.monotonicMs(), gathered.entries.map(({ text }) => text)])
    const gathering = new Gatherer({ clock, gatherMs: 18 }).open({ flush, readers: () => readers })
    return { clock, left, gathering }
  }

  test('lets the first word go at once and what follows closely together, none later than 18 ms', async () => {
    const { clock, left, gathering } = open()
    gathering.add(entry('1'))
    await clock.advance(5)
    for (const text of ['2', '3', '4']) {
      gathering.add(entry(text))
      await clock.advance(5)
    }
    await clock.advance(100)
    expect(left).toEqual([
      [0, ['1']],
      [23, ['2', '3', '4']],
    ])
  })

  test.each([
    [1000, 18],
    [2000, 36],
    [100_000, 45],
  ])('of %i readers each waits up to %i ms: no room costs more writes than one of a thousand', async (readers, waitMs) => {
    const { clock, left, gathering } = open(readers)
    gathering.add(entry('1'))
    await clock.advance(1)
    gathering.add(entry('2'))
    await clock.advance(waitMs - 1)
    gathering.add(entry('3'))
    await clock.advance(100)
    expect(left).toEqual([
      [0, ['1']],
      [1 + waitMs, ['2', '3']],
    ])
  })

  test('keeps of one key the newest', async () => {
    const { clock, left, gathering } = open()
    gathering.add(entry('0'))
    await clock.advance(1)
    for (const [text, key] of [
      ['a1', 'a'],
      ['b1', 'b'],
      ['a2', 'a'],
      ['said', undefined],
    ] as const)
      gathering.add(entry(text, key))
    await clock.advance(20)
    expect(left.at(-1)?.[1]).toEqual(['b1', 'a2', 'said'])
  })

  test('lets go early of what is much', async () => {
    const { clock, left, gathering } = open()
    gathering.add(entry('0'))
    await clock.advance(1)
    gathering.add(entry('x'.repeat(40_000)))
    gathering.add(entry('y'.repeat(40_000)))
    expect(left.at(-1)?.[0]).toBe(1)
    await clock.advance(50)
    expect(left).toHaveLength(2)
  })
})

describe('admission', () => {
  test('lets so many work at once, in their order, and the rest of the event loop between them', async () => {
    const admission = new Admission({ clock: createHeldClock() })
    const order: number[] = []
    let atOnce = 0
    let most = 0
    let turns = 0
    const counting = setInterval(() => turns++, 0)
    await Promise.all(
      Array.from({ length: 400 }, (_, n) =>
        admission.pass(async () => {
          most = Math.max(most, ++atOnce)
          order.push(n)
          await new Promise((resolve) => setTimeout(resolve, 2))
          atOnce--
        }),
      ),
    )
    clearInterval(counting)
    expect(order).toEqual(Array.from({ length: 400 }, (_, n) => n))
    expect(most).toBeLessThanOrEqual(32)
    expect(turns).toBeGreaterThan(2)
  })

  test('tells whoever would wait too long when to come back', async () => {
    const clock = createHeldClock()
    const admission = new Admission({ clock })
    const never = Promise.withResolvers<void>()
    const working = Array.from({ length: 32 }, () => admission.pass(() => never.promise))
    const late = admission.pass(async () => 'in')
    const refused = expect(late).rejects.toMatchObject({ kind: 'unavailable', code: 'socket.crowded', retryAfterMs: expect.any(Number) })
    await clock.advance(10_100)
    await refused
    never.resolve()
    await Promise.all(working)
    expect(await admission.pass(async () => 'in')).toBe('in')
  })

  test('closed, refuses who waits and who comes', async () => {
    const admission = new Admission({ clock: createHeldClock() })
    const waiting = admission.pass(async () => 'in')
    admission.close()
    await expect(waiting).rejects.toMatchObject({ code: 'socket.crowded' })
    await expect(admission.pass(async () => 'in')).rejects.toMatchObject({ code: 'socket.crowded' })
  })
})
