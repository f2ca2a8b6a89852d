import { expect, test } from 'vitest'
import { createSealed, type SealKey } from './sealed.ts'

const keyOf = (id: string, fill: number): SealKey => ({ id, key: new Uint8Array(32).fill(fill) })
const code = (open: () => string) => {
  try {
    return open()
  } catch (error) {
    return (error as { code?: string }).code
  }
}

test('what was sealed opens, and says nothing before', () => {
  const { seal, open } = createSealed(() => [keyOf('one', 1)])
  const sealed = seal('密 JBSWY3DP', 'account a')
  expect(open(sealed, 'account a')).toBe('密 JBSWY3DP')
  expect(sealed).toMatch(/^v1\.one\.[\w-]+$/)
  expect(seal('密 JBSWY3DP', 'account a')).not.toBe(sealed)
})

test('moved to another place, changed or cut, it does not open', () => {
  const { seal, open } = createSealed(() => [keyOf('one', 1)])
  const sealed = seal('JBSWY3DP', 'account a')
  expect(code(() => open(sealed, 'account b'))).toBe('sealed.broken')
  for (let at = 7; at < sealed.length - 1; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
    expect(
      code(() => open(changed, 'account a')),
      changed,
    ).toBe('sealed.broken')
  }
  for (let length = 0; length < sealed.length; length++) expect(code(() => open(sealed.slice(0, length), 'account a'))).toMatch(/^sealed/)
})

test('after a change of keys the old one still opens, the new one seals, and what is old is known', () => {
  let keys: [SealKey, ...SealKey[]] = [keyOf('one', 1)]
  const { seal, open, isOld } = createSealed(() => keys)
  const old = seal('JBSWY3DP', 'a')
  keys = [keyOf('two', 2), ...keys]
  expect([open(old, 'a'), isOld(old), isOld(seal('x', 'a'))]).toEqual(['JBSWY3DP', true, false])
  keys = [keyOf('two', 2)]
  expect(code(() => open(old, 'a'))).toBe('sealed.other_key')
})
