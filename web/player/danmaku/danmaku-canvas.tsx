import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useFrames } from '../use-frames.ts'
import { usePlayer } from '../use-player.ts'
import { danmakuHabits } from './danmaku-habits.ts'
import { type Flying, Painter } from './painter.ts'
import './danmaku.css'

type Props = { items: readonly Flying[]; onArrival(arrive: (item: Flying) => void): () => void }

/** What people say, over the picture and under everything else. Screen readers read the list instead, and who wants less motion sees none fly. */
export function DanmakuCanvas({ items, onArrival }: Props) {
  const player = usePlayer()
  const store = danmakuHabits()
  const habits = useSyncExternalStore(store.watch, store.get)
  const canvas = useRef<HTMLCanvasElement>(null)
  const painter = useRef<Painter>(undefined)
  const isShown = habits.isOn && !matchMedia('(prefers-reduced-motion: reduce)').matches

  useEffect(() => {
    if (!canvas.current || !isShown) return
    painter.current = new Painter(canvas.current)
    return () => {
      painter.current?.clear()
      painter.current = undefined
    }
  }, [isShown])
  useEffect(() => {
    if (painter.current) painter.current.items = items
  }, [items, isShown])
  useEffect(() => onArrival((item) => painter.current?.add(item, danmakuHabits().get())), [onArrival])

  useFrames(() => {
    painter.current?.paint(player.video.currentTime * 1000, store.get())
    if (canvas.current && painter.current) canvas.current.dataset['flying'] = String(painter.current.count)
  }, isShown)
  return <canvas className="danmaku" ref={canvas} aria-hidden="true" />
}
