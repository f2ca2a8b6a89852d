import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

export type Latencies = { count: number; failed: number; seconds: number; at(quantile: number): number }

/**
 * Open loop: acts begin on their schedule whether or not earlier ones have been answered, and each is timed from the moment it was
 * due. A server that stalls is not excused by a client that waits for it.
 */
export async function openLoop(load: { perSecond: number; seconds: number; act(index: number): Promise<void> }): Promise<Latencies> {
  const total = Math.round(load.perSecond * load.seconds)
  const times: number[] = []
  const running = new Set<Promise<void>>()
  const beganMs = performance.now()
  let failed = 0
  for (let index = 0; index < total; ) {
    const dueMs = beganMs + (index * 1000) / load.perSecond
    const waitMs = dueMs - performance.now()
    if (waitMs > 0.2) {
      await new Promise((go) => (waitMs > 1.5 ? setTimeout(go, waitMs - 1) : setImmediate(go)))
      continue
    }
    const act = load.act(index++).then(
      () => void times.push(performance.now() - dueMs),
      () => void failed++,
    )
    running.add(act)
    act.finally(() => running.delete(act)).catch(() => {})
  }
  await Promise.all(running)
  return latenciesOf(times, failed, (performance.now() - beganMs) / 1000)
}

export type HttpLoad = {
  port: number
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
  connections?: number
  /** Stops after so many answers or seconds, whichever comes first. */
  requests?: number
  seconds?: number
  /** Open loop at this rate; without it each connection asks again as soon as it has its answer. */
  perSecond?: number
  /** What a good answer's status is; 200. */
  status?: number
}

/** Plain HTTP/1.1 on kept connections, without a client library in the way: answers need a Content-Length. */
export async function httpLoad(load: HttpLoad): Promise<Latencies> {
  const connections = await Promise.all(Array.from({ length: load.connections ?? 32 }, () => openConnection(load)))
  try {
    return load.perSecond ? await atRate(load, connections) : await flatOut(load, connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

async function flatOut(load: HttpLoad, connections: Connection[]): Promise<Latencies> {
  const times: number[] = []
  let failed = 0
  let left = load.requests ?? Number.POSITIVE_INFINITY
  const beganMs = performance.now()
  const endMs = beganMs + (load.seconds ?? 60) * 1000
  const ask = async (connection: Connection) => {
    while (left-- > 0 && performance.now() < endMs) {
      const startMs = performance.now()
      if (await connection.ask()) times.push(performance.now() - startMs)
      else failed++
    }
  }
  await Promise.all(connections.map(ask))
  return latenciesOf(times, failed, (performance.now() - beganMs) / 1000)
}

async function atRate(load: HttpLoad, connections: Connection[]): Promise<Latencies> {
  const free = [...connections]
  const waiting: ((connection: Connection) => void)[] = []
  const take = () => free.pop() ?? new Promise<Connection>((give) => waiting.push(give))
  const act = async () => {
    const connection = await take()
    try {
      if (!(await connection.ask())) throw new Error('a wrong answer')
    } finally {
      const next = waiting.shift()
      if (next) next(connection)
      else free.push(connection)
    }
  }
  return openLoop({ perSecond: load.perSecond ?? 1, seconds: load.seconds ?? 10, act })
}

type Connection = { ask(): Promise<boolean>; close(): void }

async function openConnection(load: HttpLoad): Promise<Connection> {
  const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((ready, refuse) => socket.once('connect', ready).once('error', refuse))
  const request = requestOf(load)
  const good = `HTTP/1.1 ${load.status ?? 200} `
  const answers = readAnswers(socket)
  return {
    ask: () =>
      new Promise((give) => {
        answers.next = (head) => give(head.startsWith(good))
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

function requestOf({ method = 'GET', path, port, headers = {}, body }: HttpLoad): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}

/** Cuts the stream into answers by their Content-Length; one request is under way at a time. */
function readAnswers(socket: Socket): { next: (head: string) => void } {
  const reader = { next: (_head: string) => {} }
  let held: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const end = held.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = held.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    if (held.length < end + 4 + length) return
    held = held.subarray(end + 4 + length)
    reader.next(head)
  })
  socket.on('close', () => reader.next(''))
  socket.on('error', () => {})
  return reader
}

function latenciesOf(times: number[], failed: number, seconds: number): Latencies {
  const sorted = Float64Array.from(times).sort()
  const at = (quantile: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN
  return { count: times.length, failed, seconds, at }
}
