import { constants } from 'node:buffer'

// RFC 6455, 5.2: FIN and opcode, then the length in one, three or nine bytes. A server never masks.
const text = 0x81
const close = 0x88
const ping = 0x89
const pong = 0x8a

/** Header and payload in one piece of its own memory, to be handed to any number of sockets. */
export function textFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload)
  if (length >= constants.MAX_LENGTH) throw new RangeError('A frame that long cannot be built.')
  const frame = head(text, length)
  frame.write(payload, frame.length - length)
  return frame
}

export function pongFrame(payload: Buffer): Buffer {
  return short(pong, payload)
}

/** 5.5.1: the code in two bytes, then a reason of at most 123. */
export function closeFrame(code: number | undefined, reason = ''): Buffer {
  if (code === undefined) return short(close, Buffer.alloc(0))
  const body = Buffer.allocUnsafe(2 + Buffer.byteLength(reason))
  body.writeUInt16BE(code)
  body.write(reason, 2)
  return short(close, body)
}

export const pingFrame: Buffer = Buffer.from([ping, 0])

function short(opcode: number, payload: Buffer): Buffer {
  // 5.5: control frames carry 125 bytes at most.
  if (payload.length > 125) throw new RangeError('A control frame that long is not allowed.')
  return Buffer.concat([Buffer.from([opcode, payload.length]), payload])
}

function head(opcode: number, length: number): Buffer {
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafeSlow(size + length)
  frame[0] = opcode
  if (size === 2) frame[1] = length
  else if (size === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  return frame
}
