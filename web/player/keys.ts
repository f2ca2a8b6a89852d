import { danmakuHabits } from './danmaku/danmaku-habits.ts'
import type { Player } from './player.ts'

export type KeyParts = {
  player: Player
  toggleCaptions(): void
}

/** What a key does; false where it is none of ours. `key` as the keyboard tells it, letters small. */
export function actOnKey(key: string, parts: KeyParts): boolean {
  const act = actsOf(parts).get(key) ?? digitOf(key, parts.player)
  act?.()
  return act !== undefined
}

/** For the list that "?" shows: each row of keys has its text. */
export const keyList = [
  { keys: ['Space', 'K'], text: 'play' },
  { keys: ['←', '→'], text: 'five' },
  { keys: ['J', 'L'], text: 'ten' },
  { keys: ['↑', '↓'], text: 'volume' },
  { keys: ['M'], text: 'mute' },
  { keys: ['0', '…', '9'], text: 'tenths' },
  { keys: [',', '.'], text: 'frame' },
  { keys: ['<', '>'], text: 'rate' },
  { keys: ['[', ']'], text: 'chapter' },
  { keys: ['C'], text: 'captions' },
  { keys: ['R'], text: 'loop' },
  { keys: ['B'], text: 'part' },
  { keys: ['F'], text: 'full' },
  { keys: ['W'], text: 'window' },
  { keys: ['T'], text: 'theatre' },
  { keys: ['P'], text: 'pip' },
  { keys: ['D'], text: 'danmaku' },
  { keys: ['?'], text: 'help' },
] as const

function actsOf({ player, toggleCaptions }: KeyParts): Map<string, () => void> {
  const { store } = player
  const full = (to: 'screen' | 'window') => void player.setFull(store.get().full === to ? 'no' : to)
  const volumeBy = (by: number) => player.setVolume((player.video.muted ? 0 : player.video.volume) + by)
  return new Map<string, () => void>([
    [' ', () => player.toggle()],
    ['k', () => player.toggle()],
    ['j', () => player.seekBy(-10)],
    ['l', () => player.seekBy(10)],
    ['ArrowLeft', () => player.seekBy(-5)],
    ['ArrowRight', () => player.seekBy(5)],
    ['ArrowUp', () => volumeBy(0.05)],
    ['ArrowDown', () => volumeBy(-0.05)],
    ['Home', () => player.seek(0)],
    ['End', () => player.seek(store.get().durationS)],
    ['m', () => player.mute(!player.video.muted)],
    [',', () => player.step(-1)],
    ['.', () => player.step(1)],
    ['<', () => player.stepRate(-1)],
    ['>', () => player.stepRate(1)],
    ['[', () => player.stepChapter(-1)],
    [']', () => player.stepChapter(1)],
    ['c', toggleCaptions],
    ['r', () => player.setLooping(!store.get().isLooping)],
    ['b', () => player.markLoop()],
    ['f', () => full('screen')],
    ['w', () => full('window')],
    ['t', () => player.setTheatre(!store.get().isTheatre)],
    ['p', () => void player.togglePip()],
    ['d', () => danmakuHabits().set({ isOn: !danmakuHabits().get().isOn })],
    ['?', () => store.set({ isHelpShown: true })],
  ])
}

function digitOf(key: string, player: Player): (() => void) | undefined {
  return /^\d$/.test(key) ? () => player.seek((Number(key) / 10) * player.store.get().durationS) : undefined
}

/** A key that belongs to what it was pressed on: a field, a menu, a dialog, or a button that space would press. */
export function belongsElsewhere({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true
  if (!(target instanceof Element)) return false
  if (target instanceof HTMLElement && target.isContentEditable) return true
  if (target.closest('input, textarea, select, dialog, [popover]')) return true
  return (key === ' ' || key === 'Enter') && target.closest('a, button, summary') !== null
}
