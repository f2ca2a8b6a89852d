import { assert, integer, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormError, FormReader, parseBoundary } from './multipart.ts'

type Part = { name: string; fileName: string | undefined; bytes: Buffer }

function read(form: Buffer, cut: number, boundary = 'b-0'): { parts: Part[]; isComplete: boolean } {
  const reader = new FormReader(boundary)
  const parts: Part[] = []
  let ended = 0
  for (let at = 0; at < form.length; at += cut) {
    for (const event of reader.push(form.subarray(at, at + cut))) {
      const last = parts.at(-1)
      if (event.kind === 'part') parts.push({ name: event.name, fileName: event.fileName, bytes: Buffer.alloc(0) })
      else if (event.kind === 'bytes' && last) last.bytes = Buffer.concat([last.bytes, event.bytes])
      else ended++
    }
  }
  if (reader.isComplete) expect(ended).toBe(parts.length)
  return { parts, isComplete: reader.isComplete }
}

const part = (disposition: string, bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(`--b-0\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`), bytes, Buffer.from('\r\n')])
const last = Buffer.from('--b-0--\r\n')

describe('A form', () => {
  test('is read the same however it is cut, whatever its bytes are', () => {
    const near = uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([bytes, Buffer.from('\r\n--b-\r\r\n--b'), bytes]))
    assert(
      property(near, integer({ min: 0, max: 40 }), integer({ min: 1, max: 900 }), (rest, nearly, cut) => {
        const bytes = Buffer.concat([Buffer.from('\r\n--b-1'.repeat(nearly)), rest])
        const form = Buffer.concat([part('name="startByte"', Buffer.from('0')), part('name="file"; filename="a \\"b\\".mp4"', bytes), last])
        const { parts, isComplete } = read(form, cut)
        expect(isComplete).toBe(true)
        expect(parts.map(({ name, fileName }) => [name, fileName])).toEqual([
          ['startByte', undefined],
          ['file', 'a "b".mp4'],
        ])
        expect(parts[1]?.bytes.equals(bytes)).toBe(true)
      }),
    )
  })

  test('may have empty parts, a preamble and an epilogue', () => {
    const form = Buffer.concat([
      Buffer.from('preamble\r\n'),
      part('name=file; filename=""', Buffer.alloc(0)),
      last,
      Buffer.from('epilogue'),
    ])
    for (let cut = 1; cut < form.length; cut++)
      expect(read(form, cut)).toEqual({ parts: [{ name: 'file', fileName: '', bytes: Buffer.alloc(0) }], isComplete: true })
  })

  test('that was cut off is not complete, wherever the cut is', () => {
    const form = Buffer.concat([part('name="file"; filename="x"', Buffer.from('bytes')), last])
    for (let end = 0; end < form.length - 2; end++) expect(read(form.subarray(0, end), 7).isComplete).toBe(false)
  })

  test('that is none is refused', () => {
    expect(() => read(Buffer.from('--b-0x\r\n'), 99)).toThrow(FormError)
    expect(() => read(part('filename="nameless"', Buffer.alloc(0)), 99)).toThrow(FormError)
    expect(() => read(Buffer.from(`--b-0\r\n${'x'.repeat(9000)}`), 999)).toThrow(FormError)
  })

  test('says its boundary in its type, in quotes or without', () => {
    expect(parseBoundary('multipart/form-data; boundary=abc')).toBe('abc')
    expect(parseBoundary('Multipart/Form-Data; charset=utf-8; Boundary="a b:c"; x=y')).toBe('a b:c')
    for (const type of [
      undefined,
      '',
      'text/plain; boundary=abc',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      `multipart/form-data; boundary=${'x'.repeat(71)}`,
    ])
      expect(parseBoundary(type)).toBeUndefined()
  })
})
