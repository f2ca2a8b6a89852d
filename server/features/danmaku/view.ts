import type { Danmaku } from '#shared/api/danmaku.ts'
import type { DanmakuRow } from './store.ts'

export function toDanmaku(row: DanmakuRow): Danmaku {
  const { id, text, mode, size, likes } = row
  return { id, atMs: row.at_ms, text, mode, size, color: toColor(row.color), likes, count: 1, by: row.sender }
}

const toColor = (color: number) => `#${color.toString(16).padStart(6, '0')}`
export const fromColor = (color: string) => Number.parseInt(color.slice(1), 16)
