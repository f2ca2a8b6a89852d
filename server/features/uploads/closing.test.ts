import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { openUploadsHouse, sendBlock, type Urls } from '#server/testing/uploads-house.ts'
import { Duties } from './duties.ts'

const within = { timeout: 60_000, interval: 10 }

test('[U8] a callback that is under way when the house closes is given up, and the next house sends it at once', async () => {
  const house = await openUploadsHouse()
  house.answers.push('never')
  const bytes = randomBytes(5000)
  const urls = (await house.open(bytes)).data as Urls
  expect(await sendBlock(urls, bytes, 0, bytes.length)).toMatchObject({ retCode: '0' })
  await expect.poll(() => house.asked(), within).toBe(1)
  // Nobody waits until the other side is tired of it.
  await house.restart()
  await expect.poll(() => house.heard[0]?.taskId, within).toBe(String(urls.taskId))
  expect((await readFile(house.target)).equals(bytes)).toBe(true)
})

test('what nobody waits for ends before the house does, and nothing begins after', async () => {
  const duties = new Duties()
  const order: string[] = []
  const held = Promise.withResolvers<void>()
  const first = async () => {
    await held.promise
    // What is begun by something that is under way is not begun any more.
    expect(duties.begin(async () => void order.push('never'), fail)).toBeUndefined()
    order.push('first')
    throw new Error('because the house closes')
  }
  const fail = () => void order.push('failed')
  void duties.begin(first, fail)
  await duties.begin(() => Promise.reject(new Error('before that')), fail)
  duties.stop()
  expect(duties.signal.aborted).toBe(true)
  const ended = duties.ended().then(() => order.push('ended'))
  held.resolve()
  await ended
  expect(order).toEqual(['failed', 'first', 'ended'])
})
