import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problem } from '#server/lib/problem.ts'
import { parseUsername, usernameKey } from './username.ts'

const why = (raw: string) => {
  try {
    parseUsername(raw)
    return 'fine'
  } catch (error) {
    if (error instanceof Problem) return error.fields[0]?.code
    throw error
  }
}

describe('names of people', () => {
  test.each([
    'alice',
    'Zoë',
    '林国华',
    '林國華',
    '林_小美',
    'さくら',
    '김민준',
    'Ольга',
    'Αλέξης',
    'محمد',
    'דנה',
    'अनीता',
    'สมชาย',
    'ᠮᠣᠩᠭᠣᠯ',
    'bob.the-2nd',
    'Алиса_7',
    '陈Chen',
    'ab',
    'x'.repeat(32),
  ])('%s is one', (name) => expect(why(name)).toBe('fine'))

  test.each([
    ['a', 'username.length'],
    ['x'.repeat(33), 'username.length'],
    ['', 'username.length'],
    ['two words', 'username.characters'],
    ['_alice', 'username.characters'],
    ['alice.', 'username.characters'],
    ['al..ice', 'username.characters'],
    ['a/../b', 'username.characters'],
    ['<script>', 'username.characters'],
    ['alice\u200B', 'username.characters'],
    ['a\u202Eecila', 'username.characters'],
    ['z\u0300\u0301\u0302\u0303', 'username.characters'],
    ['ɑlice', 'username.characters'],
    ['😀😀', 'username.characters'],
    ['pаypal', 'username.mixed'],
    ['aΩmega', 'username.mixed'],
    ['Admin', 'username.reserved'],
    ['ad_min', 'username.reserved'],
    ['админ', 'username.reserved'],
    ['管理員', 'username.reserved'],
  ])('%j is answered: %s', (name, code) => expect(why(name)).toBe(code))

  test('the owner may be called what others may not', () => {
    expect(parseUsername('admin', { mayReserved: true }).name).toBe('admin')
  })

  test.each([
    ['Alice', 'ALICE'],
    ['Straße', 'STRASSE'],
    ['ａｌｉｃｅ', 'alice'],
    ['sсоре'.replace('s', 'ѕ'), 'scope'],
    ['ΑΒΕ', 'abe'],
    ['é', 'e\u0301'],
  ])('%s and %s are one name', (one, other) => expect(usernameKey(one)).toBe(usernameKey(other)))

  test('different names have different keys', () => {
    const names = ['alice', 'alicе1', '林国华', '林國華', 'bob1', 'bobl', 'O0', 'OO']
    expect(new Set(names.map(usernameKey)).size).toBe(names.length)
  })

  test('a key is short, for whatever is typed, and what is shown has the key of what was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (raw) => {
        expect(usernameKey(raw).length).toBeLessThanOrEqual(100)
        if (why(raw) !== 'fine') return
        const { name, key } = parseUsername(raw)
        expect(usernameKey(name)).toBe(key)
        expect(parseUsername(name).name).toBe(name)
      }),
    )
  })
})
