import { createHash, createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock } from '#server/ports/clock.ts'
import { startMatinee } from './matinee.ts'

export type Heard = { body: { retCode: string; status: string; data: unknown }; taskId: string; isSigned: boolean }
export type Urls = { taskId: number; uploadUrl: string; blocksUrl: string; stateUrl: string }
export type Envelope = { retCode: string; status: string; data: unknown }
export type Info = Envelope & { totalSize: number; expectBlocks: { startByte: number; endByte: number }[] }

const businessToken = 'agreed-between-us'
export const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

/** The upload component alone, and a business server that hears its callbacks, for one test. */
export async function openUploadsHouse(
  options: {
    server?: Record<string, unknown>
    /** Business servers beside it. */
    more?: (folder: string) => Record<string, unknown>[]
    set?: Record<string, string>
    clock?: Clock
  } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-business-'))
  const heard: Heard[] = []
  /** What the next callbacks are answered with; 200 when there is nothing here. */
  const answers: (number | 'never')[] = []
  let asked = 0
  const target = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked++
      const status = answers.shift() ?? 200
      if (status === 'never') return
      const text = Buffer.concat(chunks)
      const signature = createHmac('sha256', businessToken).update(text).digest('hex')
      response.writeHead(status, { location: '/elsewhere' }).end('ignored')
      const isSigned = request.headers['upload-signature'] === signature
      if (status === 200)
        heard.push({ body: JSON.parse(text.toString()) as Heard['body'], taskId: String(request.headers['upload-task-id']), isSigned })
    })
  })
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
  const notifyUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}/notify`
  const root = join(folder, 'root')
  const own = { name: 'demo', token: businessToken, notifyUrl, roots: [root], ...options.server }
  const bServer = JSON.stringify(options.more ? [own, ...options.more(folder)] : own)
  const clock = options.clock ? { clock: options.clock } : {}
  const start = () => startMatinee('embedded', { folder, set: { roles: 'upload', bServer, ...options.set }, ...clock })
  let matinee = await start()
  onTestFinished(async () => {
    await matinee[Symbol.asyncDispose]()
    target.closeAllConnections()
    target.close()
    await rm(folder, { recursive: true, force: true })
  })
  const post = async (url: string, body: unknown) => {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    return { httpStatus: answer.status, headers: answer.headers, ...((await answer.json()) as Envelope) }
  }
  return {
    folder,
    root,
    heard,
    answers,
    post,
    /** How many callbacks came, whatever they were answered with. */
    asked: () => asked,
    url: () => matinee.url(),
    open: async (bytes: Uint8Array, more: Record<string, unknown> = {}) =>
      post(`${await matinee.url()}/api/upload/new/task`, {
        token: businessToken,
        userId: '123',
        storePath: join(root, 'films/'),
        fileName: 'hello.mp4',
        fileSize: String(bytes.length),
        fileMd5: md5(bytes),
        feedBackParameter: { any: ['thing'] },
        ...more,
      }),
    /** Closed, and not opened again. */
    close: () => matinee[Symbol.asyncDispose](),
    async restart() {
      await matinee[Symbol.asyncDispose]()
      matinee = await start()
    },
    target: join(root, 'films', 'hello.mp4'),
  }
}

export function blockForm(block: Uint8Array, fields: Record<string, string>, isFileFirst = false): FormData {
  const form = new FormData()
  if (isFileFirst) form.set('file', new Blob([Buffer.from(block)]), 'block')
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (!isFileFirst) form.set('file', new Blob([Buffer.from(block)]), 'block')
  return form
}

type Sending = { change?: object; isFileFirst?: boolean }

export async function sendBlock(urls: Urls, bytes: Uint8Array, start: number, end: number, options: Sending = {}) {
  const block = bytes.subarray(start, end)
  const fields = { startByte: String(start), endByte: String(end), partMd5: md5(block), ...options.change }
  const answer = await fetch(urls.uploadUrl, { method: 'POST', body: blockForm(block, fields, options.isFileFirst) })
  return { httpStatus: answer.status, ...((await answer.json()) as Envelope) }
}

export const infoOf = async (urls: Urls, more = '') => (await (await fetch(urls.blocksUrl + more)).json()) as Info

/** A form as bytes, for clients that are written by hand. */
export function rawForm(fields: Record<string, string>, file: Uint8Array, boundary = 'b'): Buffer {
  const part = (disposition: string) => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n`
  const named = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}${value}\r\n`)
  const head = named.join('') + part('name="file"; filename="x"')
  return Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)])
}

/** A line of one's own: what is written, as it is written, and all that is answered until it ends or `isEnough`. */
export function openLine(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let got = ''
  socket.on('data', (chunk) => {
    got += chunk.toString()
  })
  const closed = new Promise<string>((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve(got))
  })
  return { write: (bytes: string | Uint8Array) => void socket.write(bytes), closed, got: () => got, end: () => void socket.destroy() }
}

const twin = (a: string, b: string, c: string, d: string, e: string, f: string) =>
  Buffer.from(
    `d131dd02c5e6eec4693d9a0698aff95c2fcab5${a}12467eab4004583eb8fb7f8955ad340609f4b30283e4888325${b}415a085125e8f7cdc99fd91dbd${c}80373c5bd8823e3156348f5bae6dacd436c919c6dd53e2${d}87da03fd02396306d248cda0e99f33420f577ee8ce54b67080${e}0d1ec69821bcb6a8839396f965${f}6ff72a70`,
    'hex',
  )
/** Two files of one MD5 (Wang and others, 2004). */
export const twins = [twin('87', '71', 'f2', 'b4', 'a8', '2b'), twin('07', 'f1', '72', '34', '28', 'ab')] as const
