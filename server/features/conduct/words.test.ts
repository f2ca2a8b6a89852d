import { expect, test } from 'vitest'
import { openChinese } from '#server/lib/chinese.ts'
import { findWord } from './words.ts'

test('a blocked word is found however it is spelled, and not within another word', async () => {
  const chinese = await openChinese()
  const words = ['Casino', '博彩', 'free money', '赌场']
  for (const text of ['CASINO!', 'ｃａｓｉｎｏ', 'the casino.', '来博 彩吧', '博-彩', 'Free   money', '賭場', 'x赌场x'])
    expect(findWord(text, words, chinese), text).toBeDefined()
  for (const text of ['casinos', 'a cas in o', 'freemoney', '博物馆的彩色', 'nothing'])
    expect(findWord(text, words, chinese), text).toBeUndefined()
  expect(findWord('[a]+', ['[a]+'], chinese)).toBe('[a]+')
  expect(findWord('x', [], chinese)).toBeUndefined()
})
