import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createChance } from '#server/lib/seed.ts'
import { times } from '#server/testing/grounds.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { openUploadsHouse, type Urls } from '#server/testing/uploads-house.ts'
import { nodeHashes } from '#uploader/node.ts'
import { sendFile } from '#uploader/send-file.ts'

const blockBytes = 65_536

test('[F7] over a line of 40 ms that is reset, stalls and dies without a word, a file arrives whole, and little is sent twice', async () => {
  const house = await openUploadsHouse()
  const proxy = await openProxy({ port: Number(new URL(await house.url()).port) })
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  proxy.delay(20)
  const bytes = new Uint8Array(randomBytes(times(64, 800) * blockBytes + 5))
  const urls = (await house.open(bytes)).data as Urls
  const by = (url: string) => Object.assign(new URL(url), { port: String(proxy.port) }).href
  // Of its own, so that the accidents are the same ones, whenever they come.
  const chance = createChance(20_261_121)
  const pauses = createChance(7)
  const sent = { accidents: 0, taken: 0, unanswered: 0 }
  // What happens to the line with this block: a reset, a halt, or silence for ever, of which the server does not hear.
  const accident = () => {
    const drawn = chance.next()
    if (drawn > 0.15) return
    sent.accidents++
    if (drawn < 0.05) return proxy.drop()
    if (drawn < 0.1) return proxy.freeze()
    proxy.blackHole()
    setTimeout(() => proxy.restore(), 200)
  }
  const request: typeof fetch = async (url, init = {}) => {
    const blockBytes = init.body instanceof Uint8Array ? init.body.length : 0
    if (blockBytes > 0) setTimeout(accident, pauses.whole(0, 40))
    // A client that waits for nobody longer than three seconds.
    const signal = AbortSignal.any([...(init.signal ? [init.signal] : []), AbortSignal.timeout(3000)])
    const answer = await fetch(url, { ...init, signal }).catch((error: unknown) => {
      sent.unanswered += blockBytes
      throw error
    })
    if (blockBytes > 0 && ((await answer.clone().json()) as { retCode: string }).retCode === '0') sent.taken += blockBytes
    return answer
  }
  await sendFile({
    source: { name: 'film', size: bytes.length, read: async ({ start, end }) => bytes.slice(start, end) },
    task: { taskId: urls.taskId, uploadUrl: by(urls.uploadUrl), blocksUrl: by(urls.blocksUrl), stateUrl: by(urls.stateUrl) },
    hashes: { block: nodeHashes.block },
    request,
    wake: () => Promise.resolve(),
  })
  await expect.poll(() => house.heard[0]?.body.retCode, { timeout: 60_000 }).toBe('0')
  const digest = (whole: Uint8Array) => createHash('sha256').update(whole).digest('hex')
  expect(digest(await readFile(house.target))).toBe(digest(bytes))
  expect(sent.accidents).toBeGreaterThan(0)
  // What was answered is not sent again; a form has a head.
  expect(sent.taken).toBeLessThanOrEqual((bytes.length + sent.unanswered) * 1.02)
}, 600_000)
