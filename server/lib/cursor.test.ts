import { expect, test } from 'vitest'
import { createCursor } from './cursor.ts'
import { Problem } from './problem.ts'

const newest = createCursor('comments.newest', ['whole', 'text'])

test('a cursor comes back as it was written, in any script', () => {
  expect(newest.read(newest.write([1_700_000_000_000, '光影']))).toEqual([1_700_000_000_000, '光影'])
  expect(newest.read(undefined)).toBeUndefined()
})

const write = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test.each([
  ['nothing', ''],
  ['no cursor at all', 'page2'],
  ['another list', createCursor('comments.top', ['whole', 'text']).write([1, 'a'])],
  ['too few values', write(['comments.newest', 1])],
  ['too many', write(['comments.newest', 1, 'a', 2])],
  ['a wrong kind', write(['comments.newest', '1', 'a'])],
  ['a fraction', write(['comments.newest', 1.5, 'a'])],
  ['an object', write(['comments.newest', 1, { toString: 'a' }])],
  ['no list', write({ 0: 'comments.newest' })],
  ['null', write(null)],
  ['an endless text', write(['comments.newest', 1, 'a'.repeat(400)])],
])('%s is refused, and the field is named', (_, cursor) => {
  const read = () => newest.read(cursor)
  expect(read).toThrow(Problem)
  expect(read).toThrow(expect.objectContaining({ kind: 'invalid', fields: [{ path: 'cursor', code: 'field.malformed' }] }))
})
