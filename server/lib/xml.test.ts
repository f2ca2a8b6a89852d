import { expect, test } from 'vitest'
import { toXmlText } from './xml.ts'

test('whatever a text holds, XML reads it as text', () => {
  expect(toXmlText('a<b>&"c"')).toBe('a&lt;b&gt;&amp;&quot;c&quot;')
  expect(toXmlText(']]><script>')).toBe(']]&gt;&lt;script&gt;')
  expect(toXmlText('a\u0000\u0008b\tc\nd\uFFFFe')).toBe('ab\tc\nde')
  expect(toXmlText('half \uD83C pair 🎬')).toBe('half \uFFFD pair 🎬')
})
