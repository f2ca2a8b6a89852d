import { openChinese } from '#server/lib/chinese.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Danmaku } from '#shared/api/danmaku.ts'
import { heatOf } from './heat.ts'
import { mergeAlike } from './merge.ts'
import type { DanmakuStore } from './store.ts'
import { thin } from './thin.ts'
import { toDanmaku } from './view.ts'

export const packetMs = 30_000
/** More in half a minute nobody reads; what is beyond is not shown. */
const mostInPacket = 6000

export type Density = 'sparse' | 'normal' | 'full'
export type Packets = ReturnType<typeof createPackets>

/**
 * A film's danmaku by half minutes, at three densities, each made once for everybody. New ones reach those who watch over the socket; a packet may
 * be a second old. What was taken away is gone at once.
 */
export function createPackets({ store, cache }: { store: DanmakuStore; cache: Pick<Cache, 'get' | 'invalidate'> }) {
  const tag = (videoId: string) => `danmaku:${videoId}`
  const options = (videoId: string) => ({ freshMs: 1000, staleMs: 0, tags: [tag(videoId)] })

  async function full(videoId: string, packet: number): Promise<readonly Danmaku[]> {
    return cache.get(`danmaku:${videoId}:${packet}:full`, options(videoId), async () => {
      const rows = await store.span(videoId, packet * packetMs, (packet + 1) * packetMs, mostInPacket)
      return rows.map(toDanmaku)
    })
  }

  async function get(videoId: string, packet: number, density: Density): Promise<readonly Danmaku[]> {
    if (density === 'full') return full(videoId, packet)
    return cache.get(`danmaku:${videoId}:${packet}:${density}`, options(videoId), async () =>
      thin(mergeAlike(await full(videoId, packet), await openChinese()), density),
    )
  }

  return {
    async span(videoId: string, span: { from: number; to: number }, density: Density): Promise<Danmaku[]> {
      const packets = Array.from({ length: span.to - span.from }, (_, i) => span.from + i)
      return (await Promise.all(packets.map((packet) => get(videoId, packet, density)))).flat()
    },

    heat: (videoId: string, durationMs: number | null): Promise<{ heat: number[]; total: number }> =>
      cache.get(`danmaku:${videoId}:heat`, options(videoId), async () => {
        const slots = await store.slots(videoId)
        return { heat: heatOf(slots, durationMs), total: slots.reduce((sum, { count }) => sum + count, 0) }
      }),

    forget: (videoId: string): Promise<void> => cache.invalidate(tag(videoId)),
  }
}
