import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'

export const blockBytes = 16 * 2 ** 20

/** A film for benches: the same random block again and again, so that its digests are known before and no byte of it need be kept. */
export type Film = { block: Buffer; blockMd5: string; sizeBytes: number; sha256: string }

export function createFilm(block: Buffer, sizeBytes: number): Film {
  const whole = createHash('sha256')
  for (let at = 0; at < sizeBytes; at += block.length) whole.update(block)
  return { block, blockMd5: createHash('md5').update(block).digest('hex'), sizeBytes, sha256: whole.digest('hex') }
}

export function bytesOf({ block }: Film, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start)
  for (let at = start; at < end; ) {
    const from = at % block.length
    const piece = block.subarray(from, Math.min(block.length, from + end - at))
    bytes.set(piece, at - start)
    at += piece.length
  }
  return bytes
}

export async function expectFile(path: string, film: Film): Promise<void> {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) digest.update(chunk as Buffer)
  if (digest.digest('hex') !== film.sha256) throw new Error(`${path} is not what was sent`)
  await rm(path)
}

type Sent = { status: number; text: string; headers: Record<string, string | string[] | undefined> }

function send(
  url: string,
  options: { method: string; headers: Record<string, string | number>; agent: Agent },
  bodies: readonly Buffer[],
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: response.headers }),
      )
    })
    sent.on('error', reject)
    const next = (at: number): void => {
      const body = bodies[at]
      if (!body) void sent.end()
      else if (sent.write(body)) next(at + 1)
      else sent.once('drain', () => next(at + 1))
    }
    next(0)
  })
}

export type Task = { taskId: number; uploadUrl: string; blocksUrl: string; stateUrl: string }

/** By the block protocol, four blocks at once or in their order. */
export async function sendBlocks({ uploadUrl }: Task, film: Film, { atOnce = 4, from = 0, until = film.sizeBytes } = {}): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  let next = from
  const line = async () => {
    for (let start = next; start < until; start = next) {
      next += film.block.length
      const form = formOf({ startByte: start, endByte: start + film.block.length, partMd5: film.blockMd5 })
      const length = form.head.length + film.block.length + form.tail.length
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': length }
      const { text } = await send(uploadUrl, { method: 'POST', headers, agent }, [form.head, film.block, form.tail])
      if (!text.startsWith('{"retCode":"0"')) throw new Error(`a block was refused: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, line))
  agent.destroy()
}

const boundary = '----matinee-bench-8d1f0b6c'

function formOf(fields: Record<string, string | number>): { head: Buffer; tail: Buffer } {
  const part = (disposition: string, text: string) => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${text}`
  const named = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, `${value}\r\n`))
  return { head: Buffer.from(named.join('') + part('name="file"; filename="block"', '')), tail: Buffer.from(`\r\n--${boundary}--\r\n`) }
}

/** By tus, in one PATCH, as clients do that are told nothing else. Answers where it lies. */
export async function sendByTus(endpoint: string, film: Film, headers: Record<string, string> = {}): Promise<string> {
  const agent = new Agent({ keepAlive: true })
  const version = { 'tus-resumable': '1.0.0', ...headers }
  const length = { 'upload-length': film.sizeBytes, 'content-length': 0 }
  const created = await send(endpoint, { method: 'POST', headers: { ...version, ...length }, agent }, [])
  const at = new URL(String(created.headers.location), endpoint).href
  const bodies = Array.from({ length: film.sizeBytes / film.block.length }, () => film.block)
  const octets = { 'content-type': 'application/offset+octet-stream', 'upload-offset': 0, 'content-length': film.sizeBytes }
  const { status, text } = await send(at, { method: 'PATCH', headers: { ...version, ...octets }, agent }, bodies)
  if (status !== 204) throw new Error(`tus answered ${status}: ${text}`)
  agent.destroy()
  return at
}
