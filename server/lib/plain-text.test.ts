import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldText, toLine, toParagraphs } from './plain-text.ts'

test('a line has no breaks, nothing unseen and no towers of accents', () => {
  expect(toLine('  a\n\t b\u2028c \u202Eevil\u202C \u200B ')).toBe('a b c evil')
  expect(toLine('z\u0300\u0301\u0302\u0303\u0304\u0305\u0306')).toHaveLength(5)
  expect(toLine('e\u0301')).toBe('é')
  expect(toLine('a\t\u0000\tb e\u200B\u0301')).toBe('a b é')
})

test('what shows nothing is nothing', () => {
  for (const nothing of ['', ' ', '\u3164', '\u200D', '\uFE0F', '\u00AD\u00AD', '\u0301']) expect(toLine(nothing)).toBe('')
})

test('emoji of several parts stay whole', () => {
  expect(toLine('👩‍👩‍👧 片 🏳️‍🌈')).toBe('👩‍👩‍👧 片 🏳️‍🌈')
})

test('paragraphs keep their breaks, at most one empty line in a row', () => {
  expect(toParagraphs('a\r\nb\n\n\n\nc  d\u0000\n')).toBe('a\nb\n\nc d')
})

test('folding and cleaning are stable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(toLine(toLine(text))).toBe(toLine(text))
      expect(toParagraphs(toParagraphs(text))).toBe(toParagraphs(text))
      expect(foldText('ＡＢＣ ß')).toBe('abc ss')
    }),
  )
})
