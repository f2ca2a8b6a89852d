import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useCaptions } from '../captions/use-captions.ts'
import { useFrames } from '../use-frames.ts'
import { usePlayer } from '../use-player.ts'
import { danmakuHabits } from './danmaku-habits.ts'
import type { Flying } from './flying.ts'
import { Painter, type Room } from './painter.ts'
import './danmaku.css'

/** In frames: the room changes rarely, and to measure it costs a layout. */
const measureEvery = 20
/** Subtitles come and go: their room stays free between two lines. */
const captionShare = 0.14

type Props = { items: readonly Flying[]; onArrival(arrive: (item: Flying) => void): () => void }

/** What people say, over the picture and under everything else. Screen readers read the list instead, and who wants less motion sees none fly. */
export function DanmakuCanvas({ items, onArrival }: Props) {
  const player = usePlayer()
  const store = danmakuHabits()
  const habits = useSyncExternalStore(store.watch, store.get)
  const { state } = useCaptions()
  const hasCaptions = state.first !== undefined || state.second !== undefined
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

  const frames = useRef(0)
  useFrames(() => {
    if (painter.current && canvas.current && frames.current++ % measureEvery === 0)
      painter.current.room = roomOn(canvas.current, hasCaptions ? state.place : undefined)
    painter.current?.paint(player.video.currentTime * 1000, store.get())
    if (canvas.current && painter.current) canvas.current.dataset['flying'] = String(painter.current.count)
  }, isShown)
  return <canvas className="danmaku" ref={canvas} aria-hidden="true" />
}

/** Nothing flies over a subtitle, wherever the viewer wants them, nor where the bar stands. */
function roomOn(canvas: HTMLCanvasElement, captionsAt: 'top' | 'bottom' | undefined): Room {
  const { top, bottom, height } = canvas.getBoundingClientRect()
  const room = { topPx: captionsAt === 'top' ? height * captionShare : 0, bottomPx: height * captionShare }
  const player = canvas.closest('.player')
  const captions = player?.querySelector<HTMLElement>('.captions')?.getBoundingClientRect()
  if (captions && captions.height > 0) {
    if (captionsAt === 'top') room.topPx = Math.max(room.topPx, captions.bottom - top)
    else room.bottomPx = Math.max(room.bottomPx, bottom - captions.top)
  }
  const bar = player?.querySelector<HTMLElement>('.seek')?.getBoundingClientRect()
  if (bar && bar.height > 0) room.bottomPx = Math.max(room.bottomPx, bottom - bar.top)
  return room
}
