import { createHash, randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { parseArgs } from 'node:util'

// A thousand clients that cost as little as clients can: bytes are searched for one mark a message, and nothing is parsed. Whoever speaks
// does it at fixed moments, whatever has been delivered. Every delivery of every message is counted, and each speaker's order checked.

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    kind: { type: 'string' },
    clients: { type: 'string' },
    rate: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '0' },
    /** Of `danmaku`: over which film, and the tokens of those who watch, by commas; the first forty speak. */
    film: { type: 'string', default: '' },
    tokens: { type: 'string', default: '' },
  },
})
process.on('uncaughtException', (error) => {
  console.log(String(error.stack))
  process.exit(1)
})
const port = Number(values.port)
const clients = Number(values.clients)
const total = Number(values.rate) * Number(values.seconds)

const tokens = values.tokens.split(',')

type Kind = {
  path(n: number): string
  headers(n: number): string
  hello: readonly string[]
  until: string
  /** What a speaker's socket says; nothing where they speak by another way. */
  say(text: string, by: number): string | undefined
}

const kinds: Record<string, Kind> = {
  ours: {
    path: (n) => `/api/socket?tab=bench-tab-${process.pid}-${n}`,
    headers: (n) => `Sec-WebSocket-Protocol: matinee.1\r\nAuthorization: Bearer person${process.pid}-${n}\r\n`,
    hello: ['{"t":"socket.subscribe","d":{"topic":"bench:room"},"id":"in"}'],
    until: '"re":"in"',
    say: (text) => JSON.stringify({ t: 'bench.say', d: { text } }),
  },
  'plain-ws': {
    path: () => '/',
    headers: () => '',
    hello: [],
    until: 'HTTP/1.1 101',
    say: (text) => JSON.stringify({ t: 'bench.said', d: { text } }),
  },
  'socket-io': {
    path: () => '/socket.io/?EIO=4&transport=websocket',
    headers: () => '',
    hello: ['40'],
    until: '40{"sid"',
    say: (text) => `42${JSON.stringify(['say', { text }])}`,
  },
  danmaku: {
    path: (n) => `/api/socket?tab=bench-tab-${process.pid}-${n}`,
    headers: (n) => `Sec-WebSocket-Protocol: matinee.1\r\nAuthorization: Bearer ${tokens[n % tokens.length]}\r\n`,
    hello: [`{"t":"socket.subscribe","d":{"topic":"video:${values.film}"},"id":"in"}`],
    until: '"re":"in"',
    say: (text, by) => void post(text, by),
  },
}
const kind = kinds[values.kind ?? '']
if (!kind) throw new Error(`no such kind: ${values.kind}`)

const speakers = values.kind === 'danmaku' ? Math.min(40, tokens.length) : 10
const engineIoPing = Buffer.from([0x81, 0x01, 0x32])
/** `#`, who speaks, the how-manieth word of theirs, `@`, when. */
const mark = 0x23
const atSign = 0x40
const markBytes = 1 + 1 + 7 + 1 + 13
/** Deliveries by milliseconds. */
const latencies = new Uint32Array(120_000)
let delivered = 0
const said: (Promise<void> | undefined)[] = []
let wrong = 0

const sockets: Socket[] = []
for (let n = 0; n < clients; n += 50)
  sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, clients - n) }, (_, i) => enter(n + i)))))
const told = new Promise<void>((resolve) => process.on('SIGUSR2', () => resolve()))
console.log('ready')
await told
if (total > 0) {
  const startMs = performance.now()
  await speak()
  // A server that cannot keep up is waited for as long as it delivers anything at all: its CPU is what counts.
  for (let [seen, sinceMs] = [delivered, performance.now()]; delivered < total * clients && performance.now() - sinceMs < 20_000; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (delivered !== seen) [seen, sinceMs] = [delivered, performance.now()]
  }
  const seconds = (performance.now() - startMs) / 1000
  console.log(
    JSON.stringify({ delivered, missing: total * clients - delivered, wrong, seconds, p50: latencyAt(0.5), p99: latencyAt(0.99) }),
  )
} else await new Promise<void>((resolve) => process.on('SIGUSR2', () => resolve()))
process.exit(0)

function enter(n: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const { path, headers, hello, until } = kind as Kind
  const greetings = [...hello]
  let isIn = false
  let head = ''
  const next = new Uint32Array(speakers)
  let rest = Buffer.alloc(0)
  const buffer = Buffer.allocUnsafe(65_536)
  const socket = connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer,
      callback(length) {
        if (!isIn) {
          head += buffer.toString('latin1', 0, length)
          isIn = head.includes(until)
          if (head.includes('\r\n\r\n')) for (const text of greetings.splice(0)) socket.write(masked(text))
          if (isIn) resolve(socket)
          return true
        }
        // engine.io asks for a sign of life in its own words, perhaps behind other frames; nothing else here has such a byte.
        if (values.kind === 'socket-io' && buffer.subarray(0, length).includes(engineIoPing)) socket.write(masked('3'))
        count(rest.length > 0 ? Buffer.concat([rest, buffer.subarray(0, length)]) : buffer.subarray(0, length))
        return true
      },
    },
  })
  const count = (bytes: Buffer) => {
    let at = bytes.indexOf(mark)
    while (at !== -1 && at + markBytes <= bytes.length) {
      // The length of a frame may hold the same byte.
      if (bytes[at + markBytes - 14] !== atSign) {
        at = bytes.indexOf(mark, at + 1)
        continue
      }
      const by = (bytes[at + 1] ?? 0) - 0x30
      const seq = Number(bytes.toString('latin1', at + 2, at + 9))
      if (seq !== next[by]) wrong++
      next[by] = seq + 1
      const waitedMs = Math.max(0, Date.now() - Number(bytes.toString('latin1', at + 10, at + 23)))
      const bin = Math.min(waitedMs, latencies.length - 1)
      latencies[bin] = (latencies[bin] ?? 0) + 1
      delivered++
      at = bytes.indexOf(mark, at + markBytes)
    }
    // A mark that is cut is read with what follows.
    rest = at === -1 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at))
  }
  socket.on('error', reject)
  socket.on('close', () => {
    if (isIn) console.log('a line was closed')
    reject(new Error(`closed: ${head.slice(0, 300)}`))
  })
  const key = createHash('md5').update(randomBytes(16)).digest('base64')
  socket.write(
    `GET ${path(n)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${headers(n)}\r\n`,
  )
  return promise
}

async function speak(): Promise<void> {
  const startMs = performance.now()
  const everyMs = 1000 / Number(values.rate)
  const padding = 'x'.repeat(values.kind === 'danmaku' ? 40 : 150)
  for (let spoken = 0; spoken < total; ) {
    const due = Math.min(total, Math.floor((performance.now() - startMs) / everyMs) + 1)
    for (; spoken < due; spoken++) {
      const by = spoken % speakers
      const nth = String(Math.floor(spoken / speakers)).padStart(7, '0')
      const text = (kind as Kind).say(`#${String.fromCharCode(0x30 + by)}${nth}@${Date.now()} ${padding}`, by)
      if (text !== undefined) sockets[by]?.write(masked(text))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** One after the other, as one person does: a second is not sent before the first was taken. */
async function post(text: string, by: number): Promise<void> {
  const before = said[by]
  const now = Promise.withResolvers<void>()
  said[by] = now.promise
  await before
  const headers = { authorization: `Bearer ${tokens[by]}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ text, atMs: 1000 })
  const answer = await fetch(`http://127.0.0.1:${port}/api/videos/${values.film}/danmaku`, { method: 'POST', headers, body })
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  await answer.body?.cancel()
  now.resolve()
}

/** A client's frame, masked with zeros: the law asks for a mask, not for a good one. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text)
  const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]) : Buffer.from([0x81, 0xfe, 0, 0, 0, 0, 0, 0])
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

function latencyAt(q: number): number {
  let seen = 0
  for (let ms = 0; ms < latencies.length; ms++) {
    seen += latencies[ms] ?? 0
    if (seen >= q * delivered) return ms
  }
  return Number.NaN
}
