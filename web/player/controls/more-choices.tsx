import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { toCount } from '#web/lib/counts.ts'
import { MenuAct } from '#web/ui/menu.tsx'
import { Toggle } from '#web/ui/toggle.tsx'
import { keepHabits, readHabits } from '../habits.ts'
import { keepStill } from '../still.ts'
import { usePlayer, usePlayerState } from '../use-player.ts'
import { AudioOptions, RateOptions } from './sound-options.tsx'

/** What a wide picture has room for in the bar. */
function Narrow() {
  const t = useTranslations('watch.player')
  const audios = usePlayerState('audios')
  const rate = usePlayerState('rate')
  const written = `${toCount(rate, 2)}×`
  return (
    <div className="pick-narrow">
      <details className="pick-more">
        <summary className="menu-item">{t('rateNow', { rate: written })}</summary>
        <RateOptions />
      </details>
      {audios.length > 1 ? (
        <details className="pick-more">
          <summary className="menu-item">{t('audio')}</summary>
          <AudioOptions />
        </details>
      ) : null}
    </div>
  )
}

export function MoreChoices() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const isLooping = usePlayerState('isLooping')
  const isMirrored = usePlayerState('isMirrored')
  const from = usePlayerState('loopFromS')
  const to = usePlayerState('loopToS')
  const full = usePlayerState('full')
  const areFiguresShown = usePlayerState('areFiguresShown')
  const [habits, setHabits] = useState(readHabits)
  const keep = (part: Partial<typeof habits>) => {
    keepHabits(part)
    setHabits({ ...habits, ...part })
  }
  const { set } = player.store
  return (
    <div className="pick-form">
      <Narrow />
      <Toggle label={t('loop')} isOn={isLooping} onChange={(isOn) => player.setLooping(isOn)} />
      <Toggle label={t('saving')} hint={t('savingHint')} isOn={habits.isSaving} onChange={(isSaving) => keep({ isSaving })} />
      <Toggle label={t('byItself')} isOn={habits.beginsByItself} onChange={(beginsByItself) => keep({ beginsByItself })} />
      <Toggle label={t('mirror')} isOn={isMirrored} onChange={(isOn) => set({ isMirrored: isOn })} />
      <Toggle label={t('figures')} isOn={areFiguresShown} onChange={(isOn) => set({ areFiguresShown: isOn })} />
      <hr className="menu-line" />
      <MenuAct act={() => player.markLoop()}>{from === undefined || to !== undefined ? t('partFrom') : t('partTo')}</MenuAct>
      <MenuAct act={() => void keepStill(player.video)}>{t('still')}</MenuAct>
      <MenuAct act={() => void player.setFull(full === 'window' ? 'no' : 'window')}>
        {full === 'window' ? t('windowLeave') : t('window')}
      </MenuAct>
      <MenuAct act={() => set({ isHelpShown: true })}>{t('help')}</MenuAct>
    </div>
  )
}
