import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { times } from '#server/testing/grounds.ts'
import { until } from '#server/testing/parts/part-process.ts'
import { md5, openComponent } from './component.ts'

const blockBytes = 100_000
const blocks = 12
const atOnce = 3
type Task = { taskId: number; uploadUrl: string; blocksUrl: string }
type Range = { startByte: number; endByte: number }
type Told = { retCode: string; data: { expectBlocks: Range[] } }

/** A random number that is the same in every run: a seed that fails can be tried again. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('A component that is killed', () => {
  test('[U7] [U8] [F1] holds what it answered, whenever that was, makes each file whole, and tells of each', async () => {
    const chance = seeded(20_261_121)
    const heard = new Set<string>()
    const business = createServer((request, response) => {
      request.resume().on('end', () => {
        heard.add(String(request.headers['upload-task-id']))
        response.end()
      })
    })
    await new Promise<void>((resolve) => business.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      business.closeAllConnections()
      business.close()
    })
    const notifyUrl = `http://127.0.0.1:${(business.address() as AddressInfo).port}/`
    await using component = await openComponent(
      (folder) => `bServer: {name: demo, token: xxxxx, notifyUrl: "${notifyUrl}", roots: ["${folder}/root"]}\n`,
    )
    let kills = 0
    let sentBytes = 0
    for (let n = 0; n < times(1, 50); n++) {
      const bytes = randomBytes(blockBytes * blocks)
      const task = await openTask(component, bytes, n)
      const path = join(component.folder, 'root', 'films', `${n}`)
      for (let round = 0; !heard.has(String(task.taskId)); round++) {
        // The last rounds run to their end; until then each is killed after a random number of answers, or while the file is being finished.
        const isKilled = round < times(2, 7)
        const answers = isKilled ? Math.floor(chance() * blocks) : Number.POSITIVE_INFINITY
        const acknowledged = await sendUntil(task, bytes, {
          answers,
          kill: () => component.kill(),
          count: (sent) => void (sentBytes += sent),
        })
        if (!isKilled) {
          const processes = [component.process()]
          await until(async () => heard.has(String(task.taskId)), { what: 'the callback', processes, timeoutMs: 60_000 })
          continue
        }
        await component.kill()
        kills++
        await component.start()
        const missing = await wanted(task)
        const isMissing = ({ startByte, endByte }: Range) => missing.some((gap) => gap.startByte < endByte && startByte < gap.endByte)
        expect(acknowledged.filter(isMissing), `file ${n}, round ${round}`).toEqual([])
      }
      expect(
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      ).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
    expect(kills).toBeGreaterThanOrEqual(times(1, 300))
    // What is sent again is what was in flight.
    expect(sentBytes).toBeLessThanOrEqual(times(1, 50) * blocks * blockBytes + kills * atOnce * blockBytes)
  }, 900_000)
})

async function openTask(component: { url: string; folder: string }, bytes: Uint8Array, n: number): Promise<Task> {
  const storePath = join(component.folder, 'root', 'films')
  const asked = { token: 'xxxxx', userId: '1', storePath, fileName: `${n}`, fileSize: bytes.length, fileMd5: md5(bytes) }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${component.url}/api/upload/new/task`, { method: 'POST', headers, body: JSON.stringify(asked) })
  return ((await answer.json()) as { data: Task }).data
}

async function wanted({ blocksUrl }: Task): Promise<Told['data']['expectBlocks']> {
  const told = (await (await fetch(blocksUrl)).json()) as Told
  expect(told.retCode).toBe('0')
  return told.data.expectBlocks
}

type Sending = { answers: number; kill(): Promise<void>; count(bytes: number): void }

/** Sends what is wanted, several blocks at once; the server dies with the answer of that number, in the middle of the others. What it answered "0". */
async function sendUntil(task: Task, bytes: Uint8Array, { answers, kill, count }: Sending) {
  const acknowledged: Range[] = []
  const missing = await wanted(task)
  const waiting = missing.flatMap(({ startByte, endByte }) => {
    const starts = Array.from({ length: Math.ceil((endByte - startByte) / blockBytes) }, (_, i) => startByte + i * blockBytes)
    return starts.map((start) => ({ startByte: start, endByte: Math.min(endByte, start + blockBytes) }))
  })
  let isDead = false
  const line = async () => {
    for (let range = waiting.shift(); range && !isDead; range = waiting.shift()) {
      const block = bytes.subarray(range.startByte, range.endByte)
      count(block.length)
      const answer = await send(task, range, block).catch(() => undefined)
      if (answer === undefined) return
      expect(answer).toBe('0')
      acknowledged.push(range)
      if (acknowledged.length < answers) continue
      isDead = true
      await kill()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, line))
  return acknowledged
}

async function send({ uploadUrl }: Task, range: { startByte: number; endByte: number }, block: Uint8Array): Promise<string> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...range, partMd5: md5(block) })) form.set(name, String(value))
  form.set('file', new Blob([Buffer.from(block)]), 'block')
  const answer = await fetch(uploadUrl, { method: 'POST', body: form })
  return ((await answer.json()) as { retCode: string }).retCode
}
