import { toXmlText } from '#server/lib/xml.ts'
import type { Danmaku } from '#shared/api/danmaku.ts'

const modes = { scroll: 1, bottom: 4, top: 5 } as const
const points = { small: 18, normal: 25, large: 36 } as const

export function toXml(items: readonly Danmaku[], videoId: string): string {
  const lines = items.map(({ atMs, mode, size, color, by, id, text }) => {
    const facts = [(atMs / 1000).toFixed(3), modes[mode], points[size], Number.parseInt(color.slice(1), 16), 0, 0, by, id]
    return `  <d p="${facts.join(',')}">${toXmlText(text)}</d>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<i>\n  <chatserver>matinee</chatserver>\n  <chatid>${videoId}</chatid>\n${lines.join('\n')}\n</i>\n`
}
