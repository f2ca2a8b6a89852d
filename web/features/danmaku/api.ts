import type { Danmaku, DanmakuList, DanmakuPacket } from '#shared/api/danmaku.ts'
import type { Api } from '#web/lib/api.ts'
import { type Reading, reading } from '#web/lib/reading.ts'
import type { Flying } from '#web/player/danmaku/flying.ts'

export type Density = 'sparse' | 'normal' | 'full'

export function readPacket(api: Api, vid: string, { fromMs, density }: { fromMs: number; density: Density }): Promise<DanmakuPacket> {
  return api.get<DanmakuPacket>(`/videos/${encodeURIComponent(vid)}/danmaku?fromMs=${fromMs}&toMs=${fromMs + spanMs}&density=${density}`)
}

/** How much is asked for at once. */
export const spanMs = 60_000

export function toFlying(one: Danmaku, isOwn: boolean): Flying {
  const { id, atMs, text, mode, color, size, count, by } = one
  return { id, atMs, text, mode, color, size, count, by, isOwn }
}

const pathOf = (vid: string) => `/videos/${encodeURIComponent(vid)}/danmaku`

export const listOf = (vid: string): Reading<DanmakuList> => reading(`${pathOf(vid)}/list?limit=100`)
export const danmakuPath = (vid: string, id: string) => `${pathOf(vid)}/${encodeURIComponent(id)}`
export const danmakuFile = (vid: string) => `${pathOf(vid)}/file`
export const fileAddress = (vid: string, format: 'xml' | 'ass') => `/api${danmakuFile(vid)}?format=${format}`
export type Listed = DanmakuList['items'][number]
