import { expect, test } from 'vitest'
import { usualDanmaku } from './danmaku-habits.ts'
import { isHidden } from './filter.ts'

const item = { mode: 'scroll' as const, color: '#ffffff', text: '前方高能 2333', by: 'anna', isOwn: false }
const hides = (habits: Partial<typeof usualDanmaku>, more: Partial<typeof item> = {}) =>
  isHidden({ ...item, ...more }, { ...usualDanmaku, ...habits })

test('danmaku are hidden by word, by pattern, by person and by kind; one’s own never', () => {
  expect(hides({})).toBe(false)
  expect(['高能', 'x, 高能', 'x，高能', 'X、２'].map((words) => hides({ words }))).toEqual([true, true, true, false])
  expect(['/23+$/', '/^23+$/', '/能 2/', '/(/'].map((words) => hides({ words }))).toEqual([true, false, true, false])
  expect(hides({ words: '/(/' }, { text: 'a /(/ b' })).toBe(true)
  expect([hides({ people: ['anna'] }), hides({ people: ['bert'] })]).toEqual([true, false])
  expect([hides({ hidesColour: true }), hides({ hidesColour: true }, { color: '#ff0000' })]).toEqual([false, true])
  expect(hides({ words: '高能', people: ['anna'] }, { isOwn: true })).toBe(false)
})
