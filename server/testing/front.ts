import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Front = AsyncDisposable & {
  readonly origin: string
  readonly connections: number
  /** Each line breaks with this chance, without a word. */
  breakSome(chance: number): void
  /** Each line falls silent with this chance, stays so for a while, and breaks then. */
  holdSome(chance: number, ms: number): void
}

/** What stands before several processes: takes lines in turn to those that live, and is a bad line where the test says so. `dice` answers 0 to 1. */
export async function openFront(ports: () => readonly number[], dice: () => number = Math.random): Promise<Front> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const timers = new Set<NodeJS.Timeout>()
  let turn = 0
  const server = createServer((near) => {
    near.on('error', () => {})
    const living = ports()
    const port = living[turn++ % living.length]
    if (port === undefined) {
      near.resetAndDestroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [socket, other] of [pair, [far, near]] as const) {
      socket.setNoDelay(true)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        pairs.delete(pair)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const end = (pair: readonly [Socket, Socket]) => {
    for (const socket of pair) socket.resetAndDestroy()
  }
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return pairs.size
    },
    breakSome(chance) {
      for (const pair of [...pairs]) if (dice() < chance) end(pair)
    },
    holdSome(chance, ms) {
      for (const pair of [...pairs]) {
        if (dice() >= chance) continue
        for (const socket of pair) socket.unpipe().pause()
        const timer = setTimeout(() => {
          timers.delete(timer)
          end(pair)
        }, ms)
        timers.add(timer)
      }
    },
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer)
      for (const pair of [...pairs]) end(pair)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** mulberry32: a run that fails can be had again by its seed. */
export function seededDice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
