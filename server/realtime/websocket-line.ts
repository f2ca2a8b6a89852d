import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Clock } from '#server/ports/clock.ts'
import { type CloseCode, closeCodes } from '#shared/messages/close-codes.ts'
import { subprotocol } from '#shared/messages/envelope.ts'
import { closeFrame, pingFrame, pongFrame } from './frames.ts'
import type { Line, LineOwner } from './line.ts'
import { borrowParser, type Parsed, type Parser, receiveLimits, returnParser } from './parsers.ts'
import type { Payload } from './payload.ts'

const lineOf = Symbol('line')
type OurSocket = Socket & { [lineOf]?: WebSocketLine }

/** How long a goodbye may stay unanswered. */
const goodbyeMs = 3_000

/**
 * A WebSocket after its handshake: ws parses, and the rest of RFC 6455 that a server without extensions needs stands here, because the objects of ws
 * cost an idle socket more than the socket itself. No closure and no timer belongs to one line.
 */
export class WebSocketLine implements Line, Parsed {
  // Written by ws. Declared, it takes no room of its own.
  _protocol = ''
  #socket: OurSocket | undefined
  #owner: LineOwner | undefined
  #parser: Parser | undefined
  #state: 'open' | 'closing' | 'gone' = 'open'
  #clock: Clock | undefined

  /** Called by ws, once the handshake has been answered. */
  setSocket(socket: Socket, head: Buffer): void {
    this.#socket = socket
    socket.setTimeout(0)
    socket.setNoDelay()
    const ours: OurSocket = socket
    ours[lineOf] = this
    socket.on('error', onError)
    socket.on('close', onClose)
    if (head.length > 0) socket.unshift(head)
  }

  /** From here on the line reads. */
  open(owner: LineOwner, clock: Clock): void {
    this.#owner = owner
    this.#clock = clock
    if (!this.#socket || this.#socket.destroyed) {
      this.onSocketClose()
      return
    }
    this.#socket.on('data', onData)
    this.#socket.on('end', onEnd)
  }

  get way(): 'websocket' {
    return 'websocket'
  }

  get queuedBytes(): number {
    return this.#socket?.writableLength ?? 0
  }

  send(payload: Payload): void {
    if (this.#state === 'open') this.#write(payload.frame)
  }

  beat(payload: Payload): void {
    if (this.#state !== 'open') return
    this.#socket?.cork()
    this.#write(pingFrame)
    this.#write(payload.frame)
    this.#socket?.uncork()
  }

  #write(frame: Buffer): void {
    const socket = this.#socket
    if (socket && !socket.write(frame) && socket.listenerCount('drain') === 0) socket.once('drain', onDrain)
  }

  pause(): void {
    this.#socket?.pause()
  }

  resume(): void {
    this.#socket?.resume()
  }

  close(code: CloseCode, retryMs?: number): void {
    this.#sayGoodbye(
      code,
      JSON.stringify({ why: closeCodes[code].name, ...(retryMs === undefined ? {} : { retryMs: Math.round(retryMs) }) }),
    )
  }

  #sayGoodbye(code: number, reason: string): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#socket?.write(closeFrame(code, reason))
    this.#clock?.after(goodbyeMs, () => this.cut())
  }

  cut(): void {
    this.#socket?.destroy()
  }

  read(chunk: Buffer): void {
    this.#parser ??= borrowParser()
    if (this.#parser.read(chunk, this)) return
    returnParser(this.#parser)
    this.#parser = undefined
  }

  onText(text: string): void {
    if (this.#state === 'open') this.#owner?.heard(text)
  }

  onBinary(): void {
    this.close(1003)
  }

  onPing(payload: Buffer): void {
    this.#owner?.lives()
    // A client that pings and does not read gets no more pongs than fit.
    if (this.#state === 'open' && this.queuedBytes < receiveLimits.maxPayload) this.#write(pongFrame(payload))
  }

  onPong(): void {
    this.#owner?.lives()
  }

  // 5.5.1: whoever gets a close frame and has not sent one sends it back; then the server ends the connection.
  onClose(code: number): void {
    if (this.#state === 'open') this.#socket?.write(closeFrame(code === 1005 ? undefined : code))
    this.#end()
  }

  onFault(code: number): void {
    if (this.#state === 'open') this.#socket?.write(closeFrame(code))
    this.#end()
  }

  onSocketEnd(): void {
    this.#end()
  }

  #end(): void {
    if (this.#state === 'gone') return
    this.#state = 'closing'
    this.#socket?.end()
    // What comes now is for nobody, but it has to be read, or the end of the stream never arrives.
    this.#socket?.removeListener('data', onData)
    this.#socket?.resume()
    this.#clock?.after(goodbyeMs, () => this.cut())
  }

  onSocketDrain(): void {
    if (this.#state === 'open') this.#owner?.drained()
  }

  onSocketClose(): void {
    if (this.#state === 'gone') return
    this.#state = 'gone'
    const owner = this.#owner
    this.#socket = undefined
    this.#parser = undefined
    this.#owner = undefined
    owner?.gone()
  }
}

function onData(this: OurSocket, chunk: Buffer): void {
  this[lineOf]?.read(chunk)
}
function onDrain(this: OurSocket): void {
  this[lineOf]?.onSocketDrain()
}
function onEnd(this: OurSocket): void {
  this[lineOf]?.onSocketEnd()
}
function onError(this: OurSocket): void {
  this.destroy()
}
function onClose(this: OurSocket): void {
  this[lineOf]?.onSocketClose()
}

/** The handshake of ws: it checks the request, answers it, and makes lines instead of its own sockets. Undefined: refused, and answered. */
export function createWebSocketHandshake(): (request: IncomingMessage, socket: Socket, head: Buffer) => WebSocketLine | undefined {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    ...receiveLimits,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    WebSocket: WebSocketLine as never,
  })
  return (request, socket, head) => {
    let line: WebSocketLine | undefined
    server.handleUpgrade(request, socket, head, (made) => (line = made as unknown as WebSocketLine))
    return line
  }
}
