import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProxy } from '#server/testing/proxy.ts'
import type { UploadTask } from './block-line.ts'
import { atMatinee } from './matinee.ts'
import { memoryOfNow } from './memory.ts'
import { fromPath, memoryInFolder, nodeHashes } from './node.ts'
import { UploadQueue } from './queue.ts'
import { fromFile } from './source.ts'
import { openBlockServer } from './testing/block-server.ts'
import { Upload, type UploadParts } from './upload.ts'

const mebi = 1024 * 1024
const film = new Uint8Array(randomBytes(6 * mebi + 13))
const source = fromFile(new File([film], '雨天.mp4'))

type Server = Awaited<ReturnType<typeof openBlockServer>>
const opens = (server: Server): Pick<UploadParts, 'open'> => ({
  open: ({ name, size }) => Promise.resolve({ task: server.open(name, size) }),
})
const arrived = (server: Server, task = 0) => Buffer.from(server.tasks[task]?.held ?? []).equals(film)

/** Pauses when so much is held. */
async function runUntil(upload: Upload, share: number): Promise<void> {
  const paused = Promise.withResolvers<void>()
  const leave = upload.onChange(() => {
    if (upload.state.state !== 'sending' || upload.state.heldBytes <= film.length * share) return
    leave()
    paused.resolve(upload.pause())
  })
  await upload.start()
  await paused.promise
  expect(upload.state.state).toBe('paused')
}

test('a file arrives whole, sent once; stages, speed and time left are told on the way', async () => {
  await using server = await openBlockServer()
  const upload = new Upload(source, { ...opens(server), hashes: nodeHashes })
  const stages = new Set<string>()
  upload.onChange(() => stages.add(upload.state.state))
  await upload.start()
  expect([...stages]).toEqual(['opening', 'sending', 'verifying', 'done'])
  expect(arrived(server)).toBe(true)
  expect(server.seen.sentBytes).toBe(film.length)
})

test('an empty file is a file', async () => {
  await using server = await openBlockServer()
  const upload = new Upload(fromFile(new File([], 'empty.mp4')), opens(server))
  await upload.start()
  expect(upload.state).toEqual({ state: 'done' })
})

test('paused, and gone on with, nothing is sent twice but what was in flight', async () => {
  await using server = await openBlockServer()
  const upload = new Upload(source, { ...opens(server), hashes: nodeHashes })
  await runUntil(upload, 0.4)
  expect(server.tasks[0]?.status).toBe('pause')
  await upload.start()
  expect(upload.state.state).toBe('done')
  expect(arrived(server)).toBe(true)
  expect(server.seen.sentBytes).toBeLessThan(film.length * 1.3)
})

test('what was paused on another device stands still here too, and goes on from here', async () => {
  await using server = await openBlockServer()
  const upload = new Upload(source, opens(server))
  const leave = upload.onChange(() => {
    const [task] = server.tasks
    if (task && upload.state.state === 'sending' && upload.state.heldBytes > 0) {
      leave()
      task.status = 'pause'
    }
  })
  await upload.start()
  expect(upload.state.state).toBe('paused')
  await upload.start()
  expect(upload.state.state).toBe('done')
  expect(arrived(server)).toBe(true)
})

test('what holds up an opening is told, of one that begins and of one that goes on', async () => {
  await using server = await openBlockServer()
  let lost = 0
  const request: typeof fetch = (url, init) => {
    if (lost > 0 && lost--) throw new TypeError('fetch failed')
    return fetch(url, init)
  }
  const asking = (url: Parameters<typeof fetch>[0], init: RequestInit = {}) => Promise.resolve().then(() => request(url, init))
  const house = atMatinee({ origin: server.url, token: () => Promise.resolve('a token'), request: asking })
  const upload = new Upload(source, { ...house, request: asking, hashes: nodeHashes })
  const told: string[] = []
  upload.onChange(() => {
    if (upload.state.state === 'opening') told.push(upload.state.trouble?.kind ?? 'none')
  })
  lost = 2
  await runUntil(upload, 0.4)
  expect(told.splice(0)).toEqual(['none', 'line', 'line'])
  lost = 1
  await upload.start()
  expect(told).toEqual(['none', 'line'])
  expect(arrived(server)).toBe(true)
})

test('requests that are lost, obeyed without an answer, or put off are no loss', async () => {
  await using server = await openBlockServer()
  let count = 0
  const request: typeof fetch = async (url, init) => {
    const fate = ['lost', 'fair', 'fair', 'fair', 'unanswered', 'fair', 'fair', 'fair', 'busy', 'fair', 'fair'][count++ % 11]
    if (fate === 'lost') throw new TypeError('fetch failed')
    if (fate === 'busy') return Response.json({ retCode: '9', status: 'Busy.' }, { status: 429, headers: { 'retry-after': '0' } })
    const answer = await fetch(url, init)
    if (fate === 'unanswered') throw new TypeError('fetch failed')
    return answer
  }
  const small = fromFile(new File([film.slice(0, 300_000)], 'small.mp4'))
  const upload = new Upload(small, { ...opens(server), request })
  await upload.start()
  expect(upload.state.state).toBe('done')
  expect(Buffer.from(server.tasks[0]?.held ?? []).equals(film.subarray(0, 300_000))).toBe(true)
})

test('another program, with the file under another name, goes on where the first was killed', async () => {
  await using server = await openBlockServer()
  const folder = await mkdtemp(join(tmpdir(), 'uploader-'))
  try {
    const memory = memoryInFolder(join(folder, 'memory'))
    await runUntil(new Upload(source, { ...opens(server), memory }), 0.5)
    const path = join(folder, 'renamed.mp4')
    await writeFile(path, film)
    await using renamed = await fromPath(path)
    const upload = new Upload(renamed, { ...opens(server), memory: memoryInFolder(join(folder, 'memory')) })
    await upload.start()
    expect(upload.state.state).toBe('done')
    expect(server.tasks).toHaveLength(1)
    expect(arrived(server)).toBe(true)
    expect(server.seen.sentBytes).toBeLessThan(film.length * 1.3)
    expect(await memory.list()).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a file that was changed where no fingerprint looks is found out by what the server holds, and refused', async () => {
  await using server = await openBlockServer()
  const memory = memoryOfNow()
  const first = new Upload(source, { ...opens(server), memory })
  await runUntil(first, 0.5)
  const other = new Uint8Array(randomBytes(film.length))
  const [kept] = await memory.list()
  const lying = { ...memory, find: () => Promise.resolve(kept) }
  const upload = new Upload(fromFile(new File([other], 'other.mp4')), { ...opens(server), memory: lying })
  await upload.start()
  expect(upload.state).toMatchObject({ state: 'failed', reason: { kind: 'changed' } })
})

test('a task that was cancelled or has expired meanwhile is begun anew', async () => {
  await using server = await openBlockServer()
  const memory = memoryOfNow()
  await runUntil(new Upload(source, { ...opens(server), memory }), 0.3)
  server.tasks[0] = { ...(server.tasks[0] as Server['tasks'][number]), size: 0, missing: [] }
  const [kept] = await memory.list()
  if (kept)
    await memory.keep({ ...kept, task: { ...kept.task, blocksUrl: `${server.url}/api/upload/files/blocks/info?taskId=99` } as UploadTask })
  const upload = new Upload(source, { ...opens(server), memory })
  await upload.start()
  expect(upload.state.state).toBe('done')
  expect(arrived(server, 1)).toBe(true)
})

test('cancelled, it is gone on the server too, and never starts again', async () => {
  await using server = await openBlockServer()
  const upload = new Upload(source, opens(server))
  await runUntil(upload, 0.3)
  await upload.cancel()
  await upload.start()
  expect(upload.state.state).toBe('cancelled')
  expect(server.tasks[0]?.status).toBe('cancel')
})

test('a whole that came out wrong is repaired', async () => {
  await using server = await openBlockServer()
  server.seen.doomed = 1
  const upload = new Upload(source, { ...opens(server), hashes: nodeHashes })
  await upload.start()
  expect(upload.state.state).toBe('done')
  expect(arrived(server)).toBe(true)
})

test('a line with 40 ms there and back, resets and a server out of reach costs little more than the file', async () => {
  await using server = await openBlockServer()
  await using proxy = await openProxy({ port: Number(new URL(server.url).port) })
  proxy.delay(20)
  const through = `http://127.0.0.1:${proxy.port}`
  const request: typeof fetch = (url, init) => fetch(typeof url === 'string' ? url.replace(server.url, through) : url, init)
  let troubles = 0
  const upload = new Upload(source, { ...opens(server), request })
  let isTroubled = false
  let marks = [0.2, 0.5, 0.8]
  upload.onChange(() => {
    if (upload.state.state !== 'sending') return
    const { trouble, heldBytes } = upload.state
    if (trouble !== undefined && !isTroubled) troubles++
    isTroubled = trouble !== undefined
    if (isTroubled) proxy.restore()
    if (heldBytes < film.length * (marks[0] ?? 2)) return
    marks = marks.slice(1)
    if (marks.length === 1) proxy.cut()
    else proxy.drop()
  })
  await upload.start()
  expect(upload.state.state).toBe('done')
  expect(arrived(server)).toBe(true)
  expect(troubles).toBeGreaterThanOrEqual(1)
  expect(server.seen.sentBytes).toBeLessThan(film.length * 1.5)
})

test('many files go one after another, in their order; one that fails does not stop the rest', async () => {
  await using server = await openBlockServer()
  const small = (name: string) => fromFile(new File([new Uint8Array(randomBytes(200_000))], name))
  const queue = new UploadQueue({
    open: ({ name, size }) => (name === 'b' ? Promise.reject(new Error('No room.')) : Promise.resolve({ task: server.open(name, size) })),
  })
  queue.add([small('a'), small('b'), small('c')])
  await queue.run()
  expect(queue.uploads.map(({ state }) => state.state)).toEqual(['done', 'failed', 'done'])
  expect(server.tasks.map(({ fileName }) => fileName)).toEqual(['a', 'c'])
})
