import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { infoOf, openUploadsHouse, sendBlock, type Urls } from '#server/testing/uploads-house.ts'

const within = { timeout: 60_000 }

test('several business servers share nothing: neither folders nor files that are known, neither tasks nor what the desk shows', async () => {
  const clock = createHeldClock()
  // Nobody listens for the second one.
  const house = await openUploadsHouse({
    clock,
    more: (folder) => [{ name: 'other', token: 'another-word', notifyUrl: 'http://127.0.0.1:9/', roots: [join(folder, 'other')] }],
  })
  const bytes = randomBytes(1000)
  const own = (await house.open(bytes)).data as Urls
  await sendBlock(own, bytes, 0, 1000)
  await expect.poll(async () => (await clock.advance(1000), house.heard.length), within).toBe(1)
  const other = { token: 'another-word', storePath: join(house.folder, 'other') }
  expect((await house.open(bytes, { ...other, storePath: join(house.root, 'films') })).retCode).toBe('5')
  expect((await house.open(bytes, { storePath: other.storePath })).retCode).toBe('5')
  // What one has sent the other sends as well.
  const urls = (await house.open(bytes, other)).data as Urls
  expect((await infoOf(urls)).expectBlocks).toEqual([{ startByte: 0, endByte: 1000 }])
  await sendBlock(urls, bytes, 0, 1000)
  const url = `${await house.url()}/api/upload/tasks`
  const look = async (token: string) => (await house.post(url, { token })).data as { server: string; unheard: { taskId: number }[] }
  await expect
    .poll(async () => (await clock.advance(1000), (await look('another-word')).unheard.map(({ taskId }) => taskId)), within)
    .toEqual([urls.taskId])
  expect(await look('agreed-between-us')).toMatchObject({ server: 'demo', unheard: [] })
  expect((await house.post(`${url}/again`, { token: 'agreed-between-us', taskId: urls.taskId })).retCode).toBe('10')
  for (const path of [house.target, join(house.folder, 'other', 'hello.mp4')]) expect((await readFile(path)).equals(bytes)).toBe(true)
  expect(house.heard).toHaveLength(1)
})
