import { expect, test } from 'vitest'
import { hostileNames } from '#server/testing/hostile-names.ts'
import { checkName, checkPrefix } from './names.ts'

test('names of our own making pass', () => {
  for (const name of ['a', 'films/0k3v9q/source', 'a.b-c_d/..e', '...', 'a/.hidden', 'x'.repeat(200), '0/1/2'])
    expect(checkName(name)).toBe(name)
})

test('all others are refused, in time', () => {
  for (const name of [...hostileNames, 'a/'.repeat(50_000), 'x'.repeat(1_000_000)]) expect(() => checkName(name)).toThrow('blobs.bad_name')
})

test('a prefix may end with a slash, or anywhere', () => {
  for (const prefix of ['', 'a', 'a/', 'a/b', 'films/0k/']) expect(checkPrefix(prefix)).toBe(prefix)
  for (const prefix of ['/', '../', 'a//', '.', 'A']) expect(() => checkPrefix(prefix)).toThrow('blobs.bad_name')
})
