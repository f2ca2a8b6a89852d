import fc from 'fast-check'
import * as ws from 'ws'
import { expect, test } from 'vitest'
import { closeFrame, pingFrame, pongFrame, textFrame } from './frames.ts'

const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }

const byWs = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat(
    Sender.frame(payload, {
      fin: true,
      opcode,
      mask: false,
      readOnly: true,
      rsv1: false,
    }),
  )

test('a text is framed as ws frames it, whatever its length', () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]) {
    const text = 'x'.repeat(length)
    expect(textFrame(text).equals(byWs(1, Buffer.from(text))), `${length} bytes`).toBe(true)
  }
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => textFrame(text).equals(byWs(1, Buffer.from(text)))))
})

test('control frames are framed as ws frames them, and never longer than allowed', () => {
  expect(pingFrame.equals(byWs(9, Buffer.alloc(0)))).toBe(true)
  expect(pongFrame(Buffer.from('abc')).equals(byWs(10, Buffer.from('abc')))).toBe(true)
  expect(closeFrame(1013, 'why').equals(byWs(8, Buffer.concat([Buffer.from([0x03, 0xf5]), Buffer.from('why')])))).toBe(true)
  expect(closeFrame(undefined).equals(byWs(8, Buffer.alloc(0)))).toBe(true)
  expect(() => closeFrame(1013, 'x'.repeat(124))).toThrow(RangeError)
})
