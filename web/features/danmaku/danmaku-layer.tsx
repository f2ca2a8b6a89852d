import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { Danmaku } from '#shared/api/danmaku.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useLive, useTopic } from '#web/lib/live.ts'
import { HeatStrip } from '#web/player/controls/heat-strip.tsx'
import { DanmakuCanvas } from '#web/player/danmaku/danmaku-canvas.tsx'
import { danmakuHabits } from '#web/player/danmaku/danmaku-habits.ts'
import type { Flying } from '#web/player/danmaku/flying.ts'
import { usePlayer } from '#web/player/use-player.ts'
import { readPacket, spanMs, toFlying } from './api.ts'
import { arrive, flightOf, merge, withdraw } from './flight.ts'

/** The danmaku of a film over its picture: fetched ahead of where it stands, and live while one looks. */
export function DanmakuLayer({ vid }: { vid: string }) {
  const { store, arrivals } = flightOf(vid)
  const { items, isOn } = useSyncExternalStore(store.watch, store.get)
  usePackets(vid)
  useTopic(`video:${vid}`)
  useLive('video.danmaku', (body) => {
    const now = body as unknown as Danmaku
    arrive(vid, toFlying(now, false), true)
  })
  useLive('video.danmaku-gone', ({ id }) => withdraw(vid, id))
  const onArrival = useCallback(
    (told: (item: Flying) => void) => {
      arrivals.add(told)
      return () => arrivals.delete(told)
    },
    [arrivals],
  )
  return isOn ? <DanmakuCanvas items={items} onArrival={onArrival} /> : null
}

export function DanmakuHeat({ vid }: { vid: string }) {
  const { store } = flightOf(vid)
  const { heat } = useSyncExternalStore(store.watch, store.get)
  return heat.length > 1 ? <HeatStrip heat={heat} /> : null
}

/** A minute at a time, the next one before it is needed; what failed is asked again when the film comes by. */
function usePackets(vid: string): void {
  const api = useApi()
  const { video } = usePlayer()
  const habits = danmakuHabits()
  const density = useSyncExternalStore(habits.watch, () => habits.get().density)
  useEffect(() => {
    const { store, asked } = flightOf(vid)
    const load = (fromMs: number) => {
      const key = `${density} ${fromMs}`
      if (asked.has(key)) return
      asked.add(key)
      void readPacket(api, vid, { fromMs, density }).then(
        ({ items, heat, total, isOn, own, liked }) => {
          const mine = new Set(own)
          const more = items.map((one) => toFlying(one, mine.has(one.id)))
          store.set({ items: merge(store.get().items, more), heat, total, isOn, liked: new Set([...store.get().liked, ...liked]) })
        },
        () => asked.delete(key),
      )
    }
    const look = () => {
      const nowMs = video.currentTime * 1000
      const fromMs = Math.floor(nowMs / spanMs) * spanMs
      load(fromMs)
      if (nowMs - fromMs > spanMs / 2) load(fromMs + spanMs)
    }
    look()
    video.addEventListener('timeupdate', look)
    return () => video.removeEventListener('timeupdate', look)
  }, [api, vid, video, density])
}
