import { createStore, type Store } from '../store.ts'
import { keep, readKept } from '../habits.ts'

export type DanmakuHabits = {
  isOn: boolean
  opacity: number
  /** How much of the height they may fill. */
  area: number
  /** Larger is faster. */
  speed: number
  size: number
  density: 'sparse' | 'normal' | 'full'
  hidesTop: boolean
  hidesBottom: boolean
  hidesColour: boolean
  /** What holds one of these words or patterns is not shown. */
  words: string
  /** Nor what these send. */
  people: readonly string[]
  face: 'plain' | 'serif' | 'brush'
}

const key = 'matinee-danmaku'
export const usualDanmaku: DanmakuHabits = {
  isOn: true,
  opacity: 0.9,
  area: 0.5,
  speed: 1,
  size: 1,
  density: 'normal',
  hidesTop: false,
  hidesBottom: false,
  hidesColour: false,
  words: '',
  people: [],
  face: 'plain',
}

let store: Store<DanmakuHabits> | undefined

/** Of this device, for all films. Made in the browser: a server has no device. */
export function danmakuHabits(): Store<DanmakuHabits> {
  if (!store) {
    const made = createStore<DanmakuHabits>({ ...usualDanmaku, ...readKept(key) })
    made.watch(() => keep(key, made.get()))
    store = made
  }
  return store
}
