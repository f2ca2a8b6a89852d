import { describe, expect, test } from 'vitest'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { PresenceKeeper } from '#server/ports/live.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { createHeldClock, type HeldClock } from '#server/testing/held-clock.ts'
import { openBusPresence } from './bus-presence.ts'

type Town = { clock: HeldClock; bus: Bus; lose: { next: boolean }; gaps: (() => void)[]; open(node: string): Promise<PresenceKeeper> }

/** Processes on one bus that loses a word where the test says so. */
function openTown(): Town {
  const clock = createHeldClock()
  const memory = createMemoryBus({ log: createCapturedLog() })
  const lose = { next: false }
  const gaps: (() => void)[] = []
  const bus: Bus = {
    ...memory,
    async publish(topic, message) {
      if (lose.next) lose.next = false
      else await memory.publish(topic, message)
    },
    subscribe(topic, heard, gap) {
      if (gap) gaps.push(gap)
      return memory.subscribe(topic, heard, gap)
    },
  }
  return { clock, bus, lose, gaps, open: (node) => openBusPresence({ bus, clock, node }) }
}

describe('who is here', () => {
  test('is known to every process, a person with two lines once', async () => {
    const { clock, open } = openTown()
    const [a, b] = [await open('a'), await open('b')]
    a.add(undefined, 'ann')
    a.add(undefined, 'ann')
    b.add(undefined, 'ann')
    b.add('club:1', 'ann')
    await clock.advance(200)
    for (const process of [a, b]) {
      expect([process.isHere('ann'), process.devices('ann'), process.isHere('bob')]).toEqual([true, 3, false])
      expect(process.people('club:1')).toEqual(['ann'])
    }
  })

  test('whoever comes is told of at once, whoever goes ten seconds later, and not at all when back by then', async () => {
    const { clock, open } = openTown()
    const [a, b] = [await open('a'), await open('b')]
    const seen: string[] = []
    b.onChange((accountId, isHere) => seen.push(`${accountId} ${isHere ? 'comes' : 'goes'}`))
    a.add(undefined, 'ann')
    await clock.advance(200)
    expect(seen).toEqual(['ann comes'])
    a.remove(undefined, 'ann')
    await clock.advance(9_000)
    expect([b.isHere('ann'), b.devices('ann')]).toEqual([true, 0])
    b.add(undefined, 'ann')
    await clock.advance(20_000)
    expect(seen).toEqual(['ann comes'])
    b.remove(undefined, 'ann')
    await clock.advance(11_000)
    expect([seen, b.isHere('ann')]).toEqual([['ann comes', 'ann goes'], false])
  })

  test('is learnt by a process that comes later', async () => {
    const { clock, open } = openTown()
    const a = await open('a')
    for (let n = 0; n < 1200; n++) a.add(undefined, `person${n}`)
    await clock.advance(1_000)
    const b = await open('b')
    await clock.advance(1_000)
    expect([b.isHere('person0'), b.isHere('person1199')]).toEqual([true, true])
  })

  test('a word that was lost is missed and asked for', async () => {
    const { clock, lose, open } = openTown()
    const [a, b] = [await open('a'), await open('b')]
    await clock.advance(1_000)
    a.add(undefined, 'ann')
    lose.next = true
    await clock.advance(200)
    expect(b.isHere('ann')).toBe(false)
    await clock.advance(21_000)
    expect(b.isHere('ann'), 'the beat says that something was missed').toBe(true)
    lose.next = true
    a.remove(undefined, 'ann')
    await clock.advance(200)
    a.add(undefined, 'bob')
    await clock.advance(1_000)
    expect([b.devices('ann'), b.devices('bob')], 'so does the next word').toEqual([0, 1])
  })

  test('after a gap everybody says everything anew', async () => {
    const { clock, bus, gaps, open } = openTown()
    const [a, b] = [await open('a'), await open('b')]
    await clock.advance(1_000)
    const publish = bus.publish
    bus.publish = async () => {}
    a.add(undefined, 'ann')
    await clock.advance(500)
    bus.publish = publish
    for (const gap of gaps) gap()
    await clock.advance(500)
    expect(b.isHere('ann')).toBe(true)
  })

  test('a process that falls silent is forgotten with its people, one that says goodbye at once', async () => {
    const { clock, bus, open } = openTown()
    let isDead = false
    const silent = await openBusPresence({
      bus: { ...bus, publish: (topic, message) => (isDead ? Promise.resolve() : bus.publish(topic, message)) },
      clock,
      node: 'c',
    })
    const [a, b] = [await open('a'), await open('b')]
    silent.add(undefined, 'cat')
    b.add(undefined, 'bob')
    await clock.advance(1_000)
    expect([a.devices('cat'), a.devices('bob')]).toEqual([1, 1])
    isDead = true
    await b.close()
    await clock.advance(1_000)
    expect([a.devices('cat'), a.devices('bob'), a.isHere('bob')], 'within the grace').toEqual([1, 0, true])
    await clock.advance(105_000)
    expect([a.isHere('cat'), a.isHere('bob')]).toEqual([false, false])
  })
})
