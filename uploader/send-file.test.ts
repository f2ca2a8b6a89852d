import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Range, without } from './ranges.ts'
import { sendFile, type Source } from './send-file.ts'

const task = { taskId: 1, uploadUrl: 'http://blocks/send', blocksUrl: 'http://blocks/wanted', stateUrl: 'http://blocks/state' }
const film = new Uint8Array(randomBytes(300_000))
const source: Source = { size: film.length, read: ({ start, end }) => Promise.resolve(film.slice(start, end)) }

/** Holds what it took, as the protocol says; `weather` may break a request before or after it was obeyed. */
function blockServer(weather: (count: number) => 'fair' | 'lost' | 'unanswered' | 'busy' = () => 'fair') {
  const held = new Uint8Array(film.length)
  let missing: Range[] = [{ start: 0, end: film.length }]
  let sentBytes = 0
  let count = 0
  const request: typeof fetch = async (url, init) => {
    if (url === task.blocksUrl) {
      const expectBlocks = missing.map(({ start, end }) => ({ startByte: start, endByte: end }))
      return Response.json({ retCode: '0', status: 'ok', data: { totalSize: film.length, status: 'upload', expectBlocks } })
    }
    const form = init?.body as FormData
    const bytes = new Uint8Array(await (form.get('file') as File).arrayBuffer())
    const fate = weather(count++)
    sentBytes += bytes.length
    if (fate === 'lost') throw new TypeError('fetch failed')
    if (fate === 'busy') return Response.json({ retCode: '9', status: 'busy' }, { status: 429, headers: { 'retry-after': '0' } })
    const isTrue = form.get('partMd5') === createHash('md5').update(bytes).digest('hex')
    if (!isTrue) return Response.json({ retCode: '3', status: 'The block is damaged.' })
    const start = Number(form.get('startByte'))
    held.set(bytes, start)
    missing = without(missing, { start, end: start + bytes.length })
    if (fate === 'unanswered') throw new TypeError('fetch failed')
    return Response.json({ retCode: '0', status: 'ok', data: {} })
  }
  return { request, held, sent: () => sentBytes }
}

test('a file arrives whole, each byte sent once', async () => {
  const server = blockServer()
  const told: number[] = []
  await sendFile({ source, task, request: server.request, blockBytes: 20_000, onHeld: (bytes) => told.push(bytes) })
  expect(Buffer.from(server.held).equals(film)).toBe(true)
  expect(server.sent()).toBe(film.length)
  expect(told.at(-1)).toBe(film.length)
})

test('requests that are lost, obeyed without an answer, or put off are no loss', async () => {
  const fates = ['fair', 'lost', 'unanswered', 'busy'] as const
  const server = blockServer((count) => (count % 3 === 0 ? (fates[(count / 3) % 4] ?? 'fair') : 'fair'))
  await sendFile({ source, task, request: server.request, blockBytes: 20_000, tries: 40 })
  expect(Buffer.from(server.held).equals(film)).toBe(true)
})

test('who stopped goes on where it was', async () => {
  const stop = new AbortController()
  const server = blockServer((count) => {
    if (count === 5) stop.abort(new Error('The lid was closed.'))
    return 'fair'
  })
  const options = { source, task, request: server.request, blockBytes: 20_000, parallel: 1 }
  await expect(sendFile({ ...options, signal: stop.signal })).rejects.toThrow('The lid was closed.')
  await sendFile(options)
  expect(Buffer.from(server.held).equals(film)).toBe(true)
  expect(server.sent()).toBeLessThanOrEqual(film.length + 20_000)
})

test('a block that the server refuses ends it with the server’s words', async () => {
  const server = blockServer()
  const lying: Source = { ...source, read: () => Promise.resolve(new Uint8Array(0)) }
  const refusing: typeof fetch = async (url, init) =>
    url === task.uploadUrl ? Response.json({ retCode: '5', status: 'The task is paused.' }) : server.request(url, init)
  await expect(sendFile({ source: lying, task, request: refusing })).rejects.toThrow('The task is paused.')
})
