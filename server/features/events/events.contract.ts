import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { appendEvent, appendEventIn, forgetEvents, renewEpoch } from '#server/database/append-event.ts'
import type { Database } from '#server/database/database.ts'
import { newId } from '#server/lib/id.ts'
import { noted } from '#server/testing/club-messages.ts'
import { createHeldClock, type HeldClock } from '#server/testing/held-clock.ts'
import { createEvents, type Events } from './index.ts'

const day = 86_400_000

/** What the log of a person promises, on every ground. `at` answers a database with all tables; each test has people of its own. */
export function eventLogContract(name: string, at: () => Database): void {
  describe(`the log of a person, on ${name}`, () => {
    let db: Database
    let clock: HeldClock
    let events: Events
    beforeEach(() => {
      db = at()
      clock = createHeldClock()
      events = createEvents({ db: db.pick(), clock })
    })
    const append = (to: readonly string[], what: number) =>
      db.commit(appendEvent(db.dialect, { to, message: noted, body: { what }, nowMs: clock.now() }))
    const wholeLog = async (accountId: string) =>
      (await events.log.after(accountId, 0, 1000)).map(({ text }) => JSON.parse(text) as { d: object; n: number })

    test('numbers entries 1, 2, 3 … of each person', async () => {
      const [ann, bob] = [newId(), newId()]
      await append([ann, bob], 1)
      await append([ann], 2)
      expect(await wholeLog(ann)).toEqual([
        { t: 'club.noted', d: { what: 1 }, n: 1 },
        { t: 'club.noted', d: { what: 2 }, n: 2 },
      ])
      expect((await wholeLog(bob)).map(({ n }) => n)).toEqual([1])
      expect(await events.log.heads([ann, bob, newId()])).toEqual(
        new Map([
          [ann, 2],
          [bob, 1],
        ]),
      )
      expect((await events.log.after(ann, 1, 10)).map(({ seq }) => seq)).toEqual([2])
      expect((await events.log.after(ann, 0, 1)).map(({ seq }) => seq)).toEqual([1])
    })

    test('written by many at once, has no hole and no number twice, and a reader meanwhile sees it grow from its end', async () => {
      const people = [newId(), newId(), newId()]
      const [ann = ''] = people
      let isDone = false
      const watched = (async () => {
        let seen = 0
        while (!isDone) {
          const page = await events.log.after(ann, seen, 1000)
          expect(
            page.map(({ seq }) => seq),
            'a number that appears after a later one',
          ).toEqual(page.map((_, at) => seen + 1 + at))
          seen += page.length
          // Reading from a file that is in memory never leaves this turn by itself, and the writers need theirs.
          await setImmediate()
        }
        return seen
      })()
      // Half of them in transactions, and each to the people in another order.
      await Promise.all(
        Array.from({ length: 60 }, async (_, what) => {
          const to = what % 2 === 0 ? people : people.toReversed()
          if (what % 3 > 0) await append(to, what)
          else await db.transaction((trx) => appendEventIn(trx, db.dialect, { to, message: noted, body: { what }, nowMs: clock.now() }))
        }),
      )
      isDone = true
      await watched
      for (const person of people) expect((await wholeLog(person)).map(({ n }) => n)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
    })

    test('what was undone leaves neither an entry nor a hole', async () => {
      const ann = newId()
      await append([ann], 1)
      const failing = db.transaction(async (trx) => {
        await appendEventIn(trx, db.dialect, { to: [ann], message: noted, body: { what: 2 }, nowMs: clock.now() })
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      await append([ann], 3)
      expect((await wholeLog(ann)).map(({ n, d }) => [n, d])).toEqual([
        [1, { what: 1 }],
        [2, { what: 3 }],
      ])
    })

    test('takes nothing that the catalogue does not name, and nothing long', async () => {
      const to = [newId()]
      expect(() => appendEvent(db.dialect, { to, message: noted, body: { what: 1, more: 2 } as never, nowMs: 0 })).toThrow(/club\.noted/)
    })

    test('ends after thirty days; what comes then goes on counting', async () => {
      const [ann, bob] = [newId(), newId()]
      for (let what = 1; what <= 3; what++) await append([ann], what)
      await append([bob], 1)
      clock.jump(31 * day)
      await append([ann], 4)
      await events.sweep(new AbortController().signal)
      expect((await wholeLog(ann)).map(({ n }) => n)).toEqual([4])
      expect(await wholeLog(bob)).toEqual([])
      expect((await events.log.heads([ann, bob])).get(bob)).toBe(1)
    })

    test('is forgotten with its person', async () => {
      const [ann, bob] = [newId(), newId()]
      await append([ann, bob], 1)
      await db.commit(forgetEvents(ann))
      expect(await wholeLog(ann)).toEqual([])
      expect(await events.log.heads([ann, bob])).toEqual(new Map([[bob, 1]]))
    })

    test('has another epoch after a restore, and never the same twice', async () => {
      const first = await events.log.epoch()
      await db.commit([renewEpoch(Date.now())])
      const second = await createEvents({ db: db.pick(), clock }).log.epoch()
      await db.commit([renewEpoch(0)])
      const third = await createEvents({ db: db.pick(), clock }).log.epoch()
      expect(second).toBeGreaterThan(first)
      expect(third).toBeGreaterThan(second)
      expect(await events.log.epoch(), 'looked at once a minute').toBe(first)
      await clock.advance(61_000)
      expect(await events.log.epoch()).toBe(third)
    })

    test('a ticket is good for one use and for thirty seconds', async () => {
      const session = newId()
      const { ticket } = await events.issueTicket(session)
      const taken = await Promise.all(Array.from({ length: 8 }, () => events.takeTicket(ticket)))
      expect(taken.filter((id) => id === session)).toHaveLength(1)
      const { ticket: late } = await events.issueTicket(session)
      clock.jump(30_001)
      expect(await events.takeTicket(late)).toBeUndefined()
      expect(await events.takeTicket('x')).toBeUndefined()
    })
  })
}
