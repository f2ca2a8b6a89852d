import { expect } from 'vitest'
import { md5 } from './component.ts'
import type { Task } from './kill-grounds.ts'

/** How many blocks a client of these tests has in flight. */
export const atOnce = 3
export type Range = { startByte: number; endByte: number }
type Told = { retCode: string; data: { expectBlocks: Range[] } }

export async function wanted({ blocksUrl }: Task): Promise<Range[]> {
  const told = (await (await fetch(blocksUrl)).json()) as Told
  expect(told.retCode).toBe('0')
  return told.data.expectBlocks
}

type Sending = { blockBytes: number; answers: number; kill(): Promise<void>; count(bytes: number): void }

/** Sends what is wanted, several blocks at once; the server dies with the answer of that number, in the middle of the others. What it answered "0". */
export async function sendUntil(task: Task, bytes: Uint8Array, { blockBytes, answers, kill, count }: Sending) {
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

async function send({ uploadUrl }: Task, range: Range, block: Uint8Array): Promise<string> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...range, partMd5: md5(block) })) form.set(name, String(value))
  form.set('file', new Blob([Buffer.from(block)]), 'block')
  const answer = await fetch(uploadUrl, { method: 'POST', body: form })
  return ((await answer.json()) as { retCode: string }).retCode
}
