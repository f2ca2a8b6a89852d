import { randomBytes } from 'node:crypto'
import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealed, type SealKey, type SealKeys } from './sealed.ts'

const key = (id: string): SealKey => ({ id, key: randomBytes(32) })
const under = (...keys: SealKeys) => createSealed(() => keys)
const about = 'second factor of 0k3v9q'

describe('what is sealed', () => {
  test('opens as it was, whatever it was and whatever it was about', () => {
    const { seal, open } = under(key('a1'))
    assert(property(string({ unit: 'grapheme' }), string(), (secret, thing) => open(seal(secret, thing), thing) === secret))
  })

  test('shows neither the secret nor that two are equal', () => {
    const { seal } = under(key('a1'))
    const secret = 'JBSWY3DPEHPK3PXP'
    const sealed = Array.from({ length: 100 }, () => seal(secret, about))
    expect(new Set(sealed).size).toBe(100)
    expect(sealed.join('')).not.toContain(secret)
    expect(sealed.join('')).not.toContain(Buffer.from(secret).toString('base64url'))
  })

  test('does not open after any single change', () => {
    const { seal, open } = under(key('a1'), key('b2'))
    const sealed = seal('secret', about)
    for (let at = 0; at < sealed.length; at++) {
      for (const other of ['A', 'B', 'a', '0', '.', '-', '']) {
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
        if (changed !== sealed) expect(() => open(changed, about)).toThrow(/sealed\.(broken|other_key)/)
      }
    }
    for (const wrong of [
      '',
      'v1',
      'v1.a1.',
      'v1.a1.AAAA',
      `${sealed}.`,
      `${sealed}=`,
      ` ${sealed}`,
      'plain text',
      `v2${sealed.slice(2)}`,
    ]) {
      expect(() => open(wrong, about)).toThrow('sealed.broken')
    }
  })

  test('does not open about another thing', () => {
    const { seal, open } = under(key('a1'))
    expect(() => open(seal('secret', about), 'second factor of somebody')).toThrow('sealed.broken')
  })

  test('says which key is missing, or that it is another one under that name', () => {
    const sealed = under(key('a1')).seal('secret', about)
    const missing = { kind: 'unavailable', code: 'sealed.other_key', params: { id: 'a1' } }
    expect(() => under(key('b2')).open(sealed, about)).toThrow(expect.objectContaining(missing))
    expect(() => under(key('a1')).open(sealed, about)).toThrow(expect.objectContaining({ kind: 'unavailable', code: 'sealed.broken' }))
  })

  test('opens with any key that stands in the file by then, and is sealed anew by the first', () => {
    const [older, newer] = [key('a1'), key('b2')]
    let keys: SealKeys = [older]
    const { seal, open, isOld, reseal } = createSealed(() => keys)
    const sealed = seal('secret', about)
    keys = [newer, older]
    expect([open(sealed, about), isOld(sealed)]).toEqual(['secret', true])
    const anew = reseal(sealed, about)
    expect([isOld(anew), reseal(anew, about)]).toEqual([false, anew])
    expect(() => reseal(sealed, 'another thing')).toThrow('sealed.broken')
    keys = [newer]
    expect(open(anew, about)).toBe('secret')
    expect(() => open(sealed, about)).toThrow('sealed.other_key')
  })

  test('is sealed by no key that is none', () => {
    expect(() => under({ id: 'a1', key: new Uint8Array(32) }).seal('x', about)).toThrow(/chance/)
    expect(() => under({ id: 'a1', key: randomBytes(16) }).seal('x', about)).toThrow(/32 bytes/)
    expect(() => under({ id: 'A.1', key: randomBytes(32) }).seal('x', about)).toThrow(/named/)
    expect(() => under(key('a1'), key('a1')).seal('x', about)).toThrow(/one name/)
  })
})
