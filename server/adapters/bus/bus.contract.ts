import { describe, expect, test } from 'vitest'
import type { Json } from '#server/lib/json.ts'
import type { Bus } from '#server/ports/bus.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'

/** `here` and `there` are in two processes, where the adapter knows several; otherwise they are one. */
export type BusGround = AsyncDisposable & { here: Bus; there: Bus }

export function busContract(name: string, open: (log: ReturnType<typeof createCapturedLog>) => Promise<BusGround>): void {
  describe(name, () => {
    test('every subscriber hears each message once, in the order in which it was sent', async () => {
      await using ground = await open(createCapturedLog())
      const heard: Json[][] = [[], [], []]
      await ground.here.subscribe('news', (message) => heard[0]?.push(message))
      await ground.there.subscribe('news', (message) => heard[1]?.push(message))
      await ground.there.subscribe('news', (message) => heard[2]?.push(message))
      const sent = Array.from({ length: 500 }, (_, n) => ({ n, text: '電影 🎬' }))
      await Promise.all(sent.map((message) => ground.here.publish('news', message)))
      for (const each of heard) await expect.poll(() => each.length).toBe(500)
      expect(heard).toEqual([sent, sent, sent])
    })

    test("subscribers of the sender's process have been called when publish resolves", async () => {
      await using ground = await open(createCapturedLog())
      const heard: Json[] = []
      await ground.here.subscribe('news', (message) => heard.push(message))
      await ground.here.publish('news', 1)
      expect(heard).toEqual([1])
    })

    test('topics do not mix, also those whose names look like patterns', async () => {
      await using ground = await open(createCapturedLog())
      const heard: Json[] = []
      await ground.there.subscribe('room:*', (message) => heard.push(message))
      await ground.here.publish('room:1', 'not for them')
      await ground.here.publish('room:*', 'for them')
      await expect.poll(() => heard).toEqual(['for them'])
    })

    test('who has ended hears nothing more, and the others hear on', async () => {
      await using ground = await open(createCapturedLog())
      const heard: Json[] = []
      const gone: Json[] = []
      await ground.there.subscribe('news', (message) => heard.push(message))
      const subscription = await ground.there.subscribe('news', (message) => gone.push(message))
      await ground.here.publish('news', 1)
      await expect.poll(() => gone).toEqual([1])
      await subscription.end()
      await subscription.end()
      await ground.here.publish('news', 2)
      await expect.poll(() => heard).toEqual([1, 2])
      expect(gone).toEqual([1])
    })

    test('a topic that was left can be joined again', async () => {
      await using ground = await open(createCapturedLog())
      const heard: Json[] = []
      for (let n = 0; n < 5; n++) {
        const subscription = await ground.there.subscribe('news', (message) => heard.push(message))
        await ground.here.publish('news', n)
        await expect.poll(() => heard.length).toBe(n + 1)
        await subscription.end()
      }
      expect(heard).toEqual([0, 1, 2, 3, 4])
    })

    test('a subscriber that throws is logged, and the others hear on', async () => {
      const log = createCapturedLog()
      await using ground = await open(log)
      const heard: Json[] = []
      await ground.there.subscribe('news', () => {
        throw new Error('no ear for it')
      })
      await ground.there.subscribe('news', (message) => heard.push(message))
      await ground.here.publish('news', 1)
      await ground.here.publish('news', 2)
      await expect.poll(() => heard).toEqual([1, 2])
      expect(log.lines.filter(({ event }) => event === 'bus.subscriber_failed')).toHaveLength(2)
    })

    test('what a sender changes after publishing has not been said', async () => {
      await using ground = await open(createCapturedLog())
      const heard: Json[] = []
      await ground.here.subscribe('news', (message) => heard.push(message))
      await ground.there.subscribe('news', (message) => heard.push(message))
      const message = { count: 1 }
      const sending = ground.here.publish('news', message)
      message.count = 2
      await sending
      await expect.poll(() => heard).toEqual([{ count: 1 }, { count: 1 }])
    })

    test('what a subscriber publishes while it hears comes after that for all of its process', async () => {
      await using ground = await open(createCapturedLog())
      const orders: Json[][] = [[], []]
      await ground.here.subscribe('news', (message) => {
        orders[0]?.push(message)
        if (message === 'ping') void ground.here.publish('news', 'pong')
      })
      await ground.here.subscribe('news', (message) => orders[1]?.push(message))
      await ground.here.publish('news', 'ping')
      await expect
        .poll(() => orders)
        .toEqual([
          ['ping', 'pong'],
          ['ping', 'pong'],
        ])
    })

    test('a closed bus says so and calls nobody', async () => {
      await using ground = await open(createCapturedLog())
      const heard: Json[] = []
      await ground.here.subscribe('news', (message) => heard.push(message))
      await ground.here.close()
      await expect(ground.here.publish('news', 1)).rejects.toThrow('closed')
      await expect(ground.here.subscribe('news', () => {})).rejects.toThrow('closed')
      expect(heard).toEqual([])
    })
  })
}
