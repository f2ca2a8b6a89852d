/**
 * A client of the block protocol: node examples/client.ts test.mp4
 *
 * Whatever happens, run it again: it asks what is still wanted, and sends that.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'

const { BUSINESS = 'http://127.0.0.1:9000' } = process.env
const path = process.argv[2] ?? 'test.mp4'
const blockBytes = 4 * 1024 * 1024
const atOnce = 4

type Range = { startByte: number; endByte: number }
type Task = { taskId: number; uploadUrl: string; blocksUrl: string; stateUrl: string }
type Answer<T> = { retCode: string; status: string; data: T }

async function md5OfFile(): Promise<string> {
  const md5 = createHash('md5')
  for await (const chunk of createReadStream(path)) md5.update(chunk as Buffer)
  return md5.digest('hex')
}

await using file = await open(path)
const { size: fileSize } = await file.stat()

/** The business server opens the task; the same file again answers the same task, as long as it is unfinished. */
async function openTask(): Promise<Task> {
  const asked = { fileName: basename(path), fileSize, fileMd5: await md5OfFile() }
  const answer = (await (await fetch(`${BUSINESS}/uploads`, { method: 'POST', body: JSON.stringify(asked) })).json()) as Answer<Task>
  if (answer.retCode !== '0') throw new Error(answer.status)
  return answer.data
}

async function wanted({ blocksUrl }: Task): Promise<Range[]> {
  const answer = (await (await fetch(blocksUrl)).json()) as Answer<{ expectBlocks: Range[] }>
  if (answer.retCode !== '0') throw new Error(answer.status)
  return answer.data.expectBlocks
}

async function send({ uploadUrl }: Task, { startByte, endByte }: Range): Promise<void> {
  const bytes = Buffer.alloc(endByte - startByte)
  await file.read(bytes, 0, bytes.length, startByte)
  const form = new FormData()
  form.set('startByte', String(startByte))
  form.set('endByte', String(endByte))
  form.set('partMd5', createHash('md5').update(bytes).digest('hex'))
  form.set('file', new Blob([bytes]), 'block')
  const answer = (await (await fetch(uploadUrl, { method: 'POST', body: form })).json()) as Answer<unknown>
  // "1": another connection is bringing these bytes; what is then still wanted, the next round tells.
  if (answer.retCode !== '0' && answer.retCode !== '1') throw new Error(answer.status)
}

function* blocksOf(ranges: readonly Range[]): Generator<Range> {
  for (const { startByte, endByte } of ranges)
    for (let at = startByte; at < endByte; at += blockBytes) yield { startByte: at, endByte: Math.min(endByte, at + blockBytes) }
}

const task = await openTask()
for (let ranges = await wanted(task); ranges.length > 0; ranges = await wanted(task)) {
  const blocks = blocksOf(ranges)
  const line = async () => {
    for (const block of blocks) await send(task, block)
  }
  await Promise.all(Array.from({ length: atOnce }, line))
}
console.log(`${path}: all ${fileSize} bytes are there (task ${task.taskId})`)
