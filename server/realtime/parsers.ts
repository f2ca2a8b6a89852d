import type { Writable } from 'node:stream'
import * as ws from 'ws'

/** What one socket may make us keep while a message is not whole: T8. */
export const receiveLimits = { maxPayload: 65_536, maxFragments: 64, maxBufferedChunks: 128 }

export interface Parsed {
  onText(text: string): void
  onBinary(): void
  onPing(payload: Buffer): void
  onPong(): void
  /** The client says goodbye. Nothing follows. */
  onClose(code: number): void
  /** The client breaks the protocol, or a limit. Nothing follows. */
  onFault(code: number): void
}

// What the receiver of ws knows of a message that is not whole yet. Not public: the version is pinned, and parsers.test.ts notices a change.
type Receiver = Writable & { _state: number; _bufferedBytes: number; _fragmented: number; _errored: boolean }
type ReceiverOptions = { isServer: true; allowSynchronousEvents: true } & typeof receiveLimits
const { Receiver } = ws as unknown as { Receiver: new (options: ReceiverOptions) => Receiver }

/**
 * The parser of ws, lent to a socket for as long as it has half a message: an idle socket then has none, and needs half the memory.
 * It works within `read`, without waiting; only a fault is told a moment later.
 */
export class Parser {
  #for: Parsed | undefined
  #hasEnded = false
  readonly #receiver = new Receiver({ isServer: true, allowSynchronousEvents: true, ...receiveLimits })

  constructor() {
    this.#receiver.on('message', (data: Buffer, isBinary: boolean) =>
      isBinary ? this.#for?.onBinary() : this.#for?.onText(data.toString()),
    )
    this.#receiver.on('ping', (payload: Buffer) => this.#for?.onPing(payload))
    this.#receiver.on('pong', () => this.#for?.onPong())
    this.#receiver.on('conclude', (code: number) => {
      this.#hasEnded = true
      this.#for?.onClose(code)
    })
    this.#receiver.on('error', (error: Error) => this.#for?.onFault(codeOf(error)))
  }

  /** True while the parser must stay with this socket. */
  read(chunk: Buffer, parsed: Parsed): boolean {
    this.#for = parsed
    // An empty one would be kept by the receiver, and counted against whoever borrows it later.
    if (!this.#hasEnded && chunk.length > 0) this.#receiver.write(chunk)
    if (this.#hasEnded || this.#receiver._errored) {
      this.#hasEnded = true
      return true
    }
    const { _state, _bufferedBytes, _fragmented } = this.#receiver
    return _state !== 0 || _bufferedBytes !== 0 || _fragmented !== 0
  }

  forget(): void {
    this.#for = undefined
  }
}

function codeOf(error: Error): number {
  const key = Object.getOwnPropertySymbols(error).find((symbol) => symbol.description === 'status-code')
  return key ? Number(Reflect.get(error, key)) : 1002
}

const free: Parser[] = []
const freeAtMost = 64

export function borrowParser(): Parser {
  return free.pop() ?? new Parser()
}

/** Only one whose last `read` said false. */
export function returnParser(parser: Parser): void {
  parser.forget()
  if (free.length < freeAtMost) free.push(parser)
}
