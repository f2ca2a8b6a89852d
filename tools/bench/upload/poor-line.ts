import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type PoorLine = AsyncDisposable & {
  readonly port: number
  /** What clients have sent, whatever became of it. */
  sentBytes(): number
}

export type Weather = {
  /** There and back. */
  roundTripMs: number
  /** So much is on its way of one connection at most. */
  windowBytes: number
  /** Of the pieces of 64 KiB that clients send, this share holds up its connection for so long. */
  stalls?: { share: number; ms: number }
  /** Of all connections together. */
  bytesPerSecond?: number
}

const pieceBytes = 65_536

/** A line between a client and a server, as bad as it is told. Its chance is seeded. */
export async function openPoorLine(targetPort: number, weather: Weather): Promise<PoorLine> {
  const sockets = new Set<Socket>()
  let sent = 0
  let freeMs = 0
  let dice = 20_261_121
  const chance = () => {
    dice = (Math.imul(dice, 1_664_525) + 1_013_904_223) >>> 0
    return dice / 2 ** 32
  }
  /** When what is sent now will be there: behind everything that the line has to carry before. */
  const dueMs = (bytes: number) => {
    const nowMs = performance.now()
    if (weather.bytesPerSecond !== undefined) freeMs = Math.max(freeMs, nowMs) + (bytes / weather.bytesPerSecond) * 1000
    return Math.max(nowMs, freeMs) + weather.roundTripMs / 2
  }

  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1')
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    void carry(near, far, (bytes) => {
      sent += bytes
      const { share = 0, ms = 0 } = weather.stalls ?? {}
      const isStalled = Array.from({ length: Math.ceil(bytes / pieceBytes) }, chance).some((drawn) => drawn < share)
      return { dueMs: dueMs(bytes), stallMs: isStalled ? ms : 0 }
    })
    void carry(far, near, () => ({ dueMs: performance.now() + weather.roundTripMs / 2, stallMs: 0 }))
  })

  async function carry(from: Socket, to: Socket, fate: (bytes: number) => { dueMs: number; stallMs: number }): Promise<void> {
    let underWay = 0
    let last = Promise.resolve()
    from.on('data', (piece: Buffer) => {
      const { dueMs: at, stallMs } = fate(piece.length)
      underWay += piece.length
      if (underWay >= weather.windowBytes) from.pause()
      last = last.then(async () => {
        await sleep(Math.max(0, at - performance.now()) + stallMs)
        if (!to.destroyed) to.write(piece)
        underWay -= piece.length
        if (underWay < weather.windowBytes) from.resume()
      })
    })
    from.on('end', () => void last.then(() => to.end()))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    sentBytes: () => sent,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
