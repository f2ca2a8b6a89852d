import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'
import { openProxy } from '#server/testing/proxy.ts'
import type { UploadTask } from './block-line.ts'
import { memoryOfNow } from './memory.ts'
import { nodeHashes } from './node.ts'
import { fromFile } from './source.ts'
import { Upload, type UploadParts } from './upload.ts'

const film = new Uint8Array(randomBytes(8 * 1024 * 1024 + 5))
const source = fromFile(new File([film], '雨天.mp4'))
const token = 'agreed-between-us'

/** The upload component as it runs, behind a line that a test can break; bytes are counted as they leave. */
async function openComponent() {
  const folder = await mkdtemp(join(tmpdir(), 'uploader-real-'))
  const storePath = join(folder, 'root')
  const bServer = JSON.stringify({ name: 'demo', token, notifyUrl: 'http://127.0.0.1:9/notify', roots: [storePath] })
  const matinee = await startMatinee('embedded', { folder, set: { roles: 'upload', bServer } })
  const origin = await matinee.url()
  const proxy = await openProxy({ port: Number(new URL(origin).port) })
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
    await matinee[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  const seen = { sentBytes: 0, opened: 0 }
  const request: typeof fetch = (url, init) => {
    if (init?.body instanceof Uint8Array) seen.sentBytes += init.body.length
    return fetch(typeof url === 'string' ? url.replace(new URL(url).origin, `http://127.0.0.1:${proxy.port}`) : url, init)
  }
  const open: UploadParts['open'] = async ({ name, size }) => {
    seen.opened++
    const fileMd5 = createHash('md5').update(film).digest('hex')
    const body = JSON.stringify({ token, userId: '1', storePath, fileName: name, fileSize: size, fileMd5 })
    const answer = await fetch(`${origin}/api/upload/new/task`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return { task: ((await answer.json()) as { data: UploadTask }).data }
  }
  const parts: UploadParts = { open, request, hashes: nodeHashes, memory: memoryOfNow() }
  return { parts, proxy, seen, stored: () => readFile(join(storePath, source.name)).catch(() => undefined) }
}

/** Does it once, when so much is held. */
function at(upload: Upload, share: number, act: () => void): void {
  const leave = upload.onChange(() => {
    if (upload.state.state !== 'sending' || upload.state.heldBytes < film.length * share) return
    leave()
    act()
  })
}

/** Pauses when so much is held, and has told the server so. */
async function runUntil(upload: Upload, share: number): Promise<void> {
  const paused = Promise.withResolvers<void>()
  at(upload, share, () => paused.resolve(upload.pause()))
  await upload.start()
  await paused.promise
  expect(upload.state.state).toBe('paused')
}

const isStored = async (stored: () => Promise<Buffer | undefined>) => (await stored())?.equals(film) ?? false

test('the upload component stores the file whole, though the line breaks twice and the page is left and opened again', async () => {
  const { parts, proxy, seen, stored } = await openComponent()
  const first = new Upload(source, parts)
  at(first, 0.2, () => proxy.drop())
  await runUntil(first, 0.6)
  const second = new Upload(source, parts)
  at(second, 0.8, () => proxy.drop())
  await second.start()
  expect(second.state).toEqual({ state: 'done' })
  await expect.poll(() => isStored(stored)).toBe(true)
  expect(seen.opened).toBe(1)
  expect(seen.sentBytes).toBeLessThan(film.length * 1.5)
})

test('another file in the place of the one begun is refused by the upload component, and what it held stays', async () => {
  const { parts, stored } = await openComponent()
  const first = new Upload(source, parts)
  await runUntil(first, 0.5)
  const [kept] = (await parts.memory?.list()) ?? []
  const memory = { ...memoryOfNow(), find: () => Promise.resolve(kept) }
  const other = new Upload(fromFile(new File([new Uint8Array(randomBytes(film.length))], 'other.mp4')), { ...parts, memory })
  await other.start()
  expect(other.state).toMatchObject({ state: 'failed', reason: { kind: 'changed' } })
  await first.start()
  expect(first.state).toEqual({ state: 'done' })
  await expect.poll(() => isStored(stored)).toBe(true)
})
