import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Proxy = AsyncDisposable & {
  readonly host: string
  readonly port: number
  /** How many connections stand. */
  readonly connections: number
  /** How many have been asked for, refused ones included. */
  readonly attempts: number
  /** Each piece waits so long, in both directions. */
  delay(ms: number): void
  /** At most so many bytes a second, a connection and direction. Undefined lifts it. */
  rate(bytesPerSecond: number | undefined): void
  /** Connections stand, and new ones are taken; nothing passes until `restore`. What was sent meanwhile then comes. */
  blackHole(): void
  /** Connections that stand carry nothing any more, and neither end ever hears of the other's; new ones are served. */
  freeze(): void
  /** All connections end with a reset, and new ones are refused the same way, until `restore`. */
  cut(): void
  /** All connections end with a reset; new ones are served. */
  drop(): void
  restore(): void
}

type Weather = {
  delayMs: number
  bytesPerSecond: number | undefined
  isBlack: boolean
  isCut: boolean
  cleared: PromiseWithResolvers<void>
}

/** What becomes of a connection at a piece that its client sends: it breaks with the piece undelivered, or delivered and unanswered. */
export type Fate = 'pass' | 'break before' | 'break after'

/** A line between a test and a real server, which the test can make as bad as lines get. */
export async function openProxy(target: { host?: string; port: number }, options: { fateOf?(piece: Buffer): Fate } = {}): Promise<Proxy> {
  const weather: Weather = { delayMs: 0, bytesPerSecond: undefined, isBlack: false, isCut: false, cleared: Promise.withResolvers() }
  const pairs = new Set<[Socket, Socket]>()
  const frozen = new Set<Socket>()
  let attempts = 0

  const server = createServer((near) => {
    attempts++
    if (weather.isCut) {
      near.on('error', () => {})
      near.resetAndDestroy()
      return
    }
    const far = connect(target.port, target.host ?? '127.0.0.1')
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const [socket, other] of [pair, [far, near]] as const) {
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        pairs.delete(pair)
        if (!frozen.has(socket)) other.destroy()
      })
      const fateOf = socket === near ? options.fateOf : undefined
      carry(socket, other, { weather, isFrozen: () => frozen.has(socket), ...(fateOf ? { fateOf } : {}) }).catch(() => other.destroy())
    }
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('A proxy without a port.')

  const drop = () => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy()
    pairs.clear()
  }
  return {
    host: '127.0.0.1',
    port: address.port,
    get connections() {
      return pairs.size
    },
    get attempts() {
      return attempts
    },
    delay(ms) {
      weather.delayMs = ms
    },
    rate(bytesPerSecond) {
      weather.bytesPerSecond = bytesPerSecond
    },
    blackHole() {
      weather.isBlack = true
    },
    freeze() {
      for (const socket of [...pairs].flat()) frozen.add(socket)
    },
    cut() {
      weather.isCut = true
      drop()
    },
    drop,
    restore() {
      weather.isBlack = false
      weather.isCut = false
      weather.cleared.resolve()
      weather.cleared = Promise.withResolvers()
    },
    async [Symbol.asyncDispose]() {
      drop()
      for (const socket of frozen) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Pieces arrive in their order and each `delayMs` after it came, so that a delay does not lower the rate. */
type Carrying = { weather: Weather; isFrozen(): boolean; fateOf?(piece: Buffer): Fate }
async function carry(from: Socket, to: Socket, { weather, isFrozen, fateOf = () => 'pass' }: Carrying): Promise<void> {
  const queue: { piece: Buffer; dueMs: number }[] = []
  let more = Promise.withResolvers<void>()
  let hasEnded = false
  from.on('data', (piece: Buffer) => {
    queue.push({ piece, dueMs: performance.now() + weather.delayMs })
    if (queue.length > 64) from.pause()
    more.resolve()
  })
  from.on('end', () => {
    hasEnded = true
    more.resolve()
  })
  while (!to.destroyed) {
    const next = queue.shift()
    if (!next) {
      if (hasEnded) return void to.end()
      await more.promise
      more = Promise.withResolvers()
      continue
    }
    from.resume()
    if (isFrozen()) return await closed(to)
    while (weather.isBlack) await weather.cleared.promise
    const waitMs = next.dueMs - performance.now()
    if (waitMs > 0) await sleep(waitMs)
    const fate = fateOf(next.piece)
    if (fate !== 'break before') await pass(next.piece, to, weather)
    if (fate === 'pass') continue
    to.end() // what has been written still arrives
    from.resetAndDestroy()
    return
  }
}

async function pass(piece: Buffer, to: Socket, weather: Weather): Promise<void> {
  const { bytesPerSecond } = weather
  const sliceBytes = bytesPerSecond === undefined ? piece.byteLength : Math.max(1, Math.floor(bytesPerSecond / 50))
  for (let at = 0; at < piece.byteLength && !to.destroyed; at += sliceBytes) {
    if (!to.write(piece.subarray(at, at + sliceBytes))) await Promise.race([drained(to), closed(to)])
    if (bytesPerSecond !== undefined) await sleep(20)
  }
}

const drained = (socket: Socket) => new Promise<void>((resolve) => socket.once('drain', resolve))
const closed = (socket: Socket) => new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())))
