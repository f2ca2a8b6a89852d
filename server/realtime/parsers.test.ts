import fc from 'fast-check'
import { expect, test } from 'vitest'
import { borrowParser, type Parsed, receiveLimits, returnParser } from './parsers.ts'

// The parser of ws is lent out by what it knows of itself. These tests fail when a new version of ws knows it by other names.

test('whatever the pieces, every message arrives once and whole, with parsers that pass from line to line', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.string({ maxLength: 100 })), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      (said, cuts) => {
        const lines = Array.from({ length: 4 }, () => openLine())
        const pending = lines.map((_, at) =>
          Buffer.concat(said.filter(([line]) => line === at).map(([, text]) => masked(1, Buffer.from(text)))),
        )
        for (let turn = 0; pending.some(({ length }) => length > 0); turn++) {
          const at = turn % 4
          const rest = pending[at] ?? Buffer.alloc(0)
          const length = cuts[turn % cuts.length] ?? 1
          lines[at]?.read(rest.subarray(0, length))
          pending[at] = rest.subarray(length)
        }
        lines.forEach((line, at) => {
          expect(line.heard).toEqual(said.filter(([by]) => by === at).map(([, text]) => text))
          expect(line.hasParser).toBe(false)
        })
      },
    ),
  )
})

test('empty pieces cost nothing, neither the line nor who borrows its parser next', () => {
  const line = openLine()
  for (let n = 0; n < receiveLimits.maxBufferedChunks + 1; n++) line.read(Buffer.alloc(0))
  line.read(masked(1, Buffer.from('hello')))
  expect([line.heard, line.signs, line.hasParser]).toEqual([['hello'], [], false])
})

test('a line keeps its parser as long as a message is not whole', () => {
  const line = openLine()
  const frame = masked(1, Buffer.from('hello'))
  for (let at = 1; at < frame.length; at++) {
    const half = openLine()
    half.read(frame.subarray(0, at))
    expect(half.hasParser, `after ${at} bytes`).toBe(true)
    half.read(frame.subarray(at))
    expect([half.hasParser, half.heard]).toEqual([false, ['hello']])
  }
  line.read(masked(1, Buffer.alloc(0), false))
  expect(line.hasParser, 'after an empty first fragment').toBe(true)
  line.read(masked(0, Buffer.from('end')))
  expect([line.hasParser, line.heard]).toEqual([false, ['end']])
})

test('pings, pongs and goodbyes come through between the fragments of a message', () => {
  const line = openLine()
  line.read(
    Buffer.concat([
      masked(1, Buffer.from('a'), false),
      masked(9, Buffer.from('p')),
      masked(10, Buffer.alloc(0)),
      masked(0, Buffer.from('b')),
    ]),
  )
  expect([line.heard, line.signs]).toEqual([['ab'], ['ping p', 'pong']])
  line.read(masked(8, Buffer.from([0x03, 0xe8])))
  expect(line.signs.at(-1)).toBe('close 1000')
})

test.each([
  ['a message above 64 KiB', [masked(1, Buffer.alloc(receiveLimits.maxPayload + 1, 120))], 1009],
  ['the 65th fragment', Array.from({ length: 66 }, (_, n) => masked(n === 0 ? 1 : 0, Buffer.from('x'), false)), 1008],
  ['a frame without a mask', [Buffer.from([0x81, 0x01, 0x78])], 1002],
  ['a compressed frame', [Buffer.from([0xc1, 0x80, 0, 0, 0, 0])], 1002],
  ['text that is not UTF-8', [masked(1, Buffer.from([0xff, 0xfe]))], 1007],
  ['a fragmented ping', [masked(9, Buffer.from('x'), false)], 1002],
])('%s ends the line', async (_, frames, code) => {
  const line = openLine()
  for (const frame of frames) line.read(frame)
  await expect.poll(() => line.signs.at(-1)).toBe(`fault ${code}`)
  line.read(masked(1, Buffer.from('too late')))
  expect(line.heard).toEqual([])
  expect(line.hasParser, 'a parser that failed serves nobody else').toBe(true)
})

test('a frame that comes byte by byte is given up before it costs much', async () => {
  const line = openLine()
  const frame = masked(1, Buffer.alloc(60_000, 120))
  for (let at = 0; at < 200; at++) line.read(frame.subarray(at, at + 1))
  await expect.poll(() => line.signs.at(-1)).toBe('fault 1008')
})

function openLine() {
  const heard: string[] = []
  const signs: string[] = []
  let parser: ReturnType<typeof borrowParser> | undefined
  const parsed: Parsed = {
    onText: (text) => void heard.push(text),
    onBinary: () => void signs.push('binary'),
    onPing: (payload) => void signs.push(`ping ${payload.toString()}`),
    onPong: () => void signs.push('pong'),
    onClose: (code) => void signs.push(`close ${code}`),
    onFault: (code) => void signs.push(`fault ${code}`),
  }
  return {
    heard,
    signs,
    get hasParser() {
      return parser !== undefined
    },
    read(chunk: Buffer) {
      parser ??= borrowParser()
      // ws unmasks in place: each gets bytes of its own, as from a socket.
      if (parser.read(Buffer.from(chunk), parsed)) return
      returnParser(parser)
      parser = undefined
    },
  }
}

function masked(opcode: number, payload: Buffer, fin = true): Buffer {
  const mask = Buffer.from([1, 2, 3, 4])
  const bytes = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  const first = (fin ? 0x80 : 0) | opcode
  if (payload.length < 126) return Buffer.concat([Buffer.from([first, 0x80 | payload.length]), mask, bytes])
  const long = payload.length > 65_535
  const head = Buffer.alloc(long ? 10 : 4)
  head[0] = first
  head[1] = 0x80 | (long ? 127 : 126)
  if (long) head.writeBigUInt64BE(BigInt(payload.length), 2)
  else head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, mask, bytes])
}
