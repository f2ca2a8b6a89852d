import { useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { Chips } from '#web/player/controls/chips.tsx'
import { type DanmakuHabits, danmakuHabits } from '#web/player/danmaku/danmaku-habits.ts'
import { MenuAct } from '#web/ui/menu.tsx'
import { Toggle } from '#web/ui/toggle.tsx'

const ranges = [
  { name: 'opacity', min: 0.2, max: 1, step: 0.1 },
  { name: 'area', min: 0.25, max: 1, step: 0.25 },
  { name: 'speed', min: 0.5, max: 2, step: 0.25 },
  { name: 'size', min: 0.6, max: 1.6, step: 0.1 },
] as const
const hidden = ['hidesTop', 'hidesBottom', 'hidesColour'] as const
const faces = ['plain', 'serif', 'brush'] as const
const densities = ['sparse', 'normal', 'full'] as const

export function DanmakuChoices() {
  const t = useTranslations('watch.danmaku')
  const store = danmakuHabits()
  const habits = useSyncExternalStore(store.watch, store.get)
  const set = (part: Partial<DanmakuHabits>) => store.set(part)
  return (
    <div className="pick-form">
      {ranges.map(({ name, ...range }) => (
        <label className="pick-field" key={name}>
          <span>{t(name)}</span>
          <input type="range" {...range} value={habits[name]} onChange={(event) => set({ [name]: Number(event.target.value) })} />
        </label>
      ))}
      <fieldset className="pick-field">
        <legend>{t('density')}</legend>
        <Chips of={densities} chosen={habits.density} choose={(density) => set({ density })} nameOf={(one) => t(`densities.${one}`)} />
      </fieldset>
      <fieldset className="pick-field">
        <legend>{t('face')}</legend>
        <Chips of={faces} chosen={habits.face} choose={(face) => set({ face })} nameOf={(one) => t(`faces.${one}`)} />
      </fieldset>
      {hidden.map((name) => (
        <Toggle key={name} label={t(name)} isOn={habits[name]} onChange={(isOn) => set({ [name]: isOn })} />
      ))}
      <label className="pick-field">
        <span>{t('words')}</span>
        <input className="control" value={habits.words} maxLength={500} onChange={(event) => set({ words: event.target.value })} />
        <span className="pick-note">{t('wordsHint')}</span>
      </label>
      {habits.people.length > 0 ? (
        <MenuAct act={() => set({ people: [] })}>{t('showPeople', { count: habits.people.length })}</MenuAct>
      ) : null}
    </div>
  )
}
