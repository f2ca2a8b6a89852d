import { useTranslations } from 'use-intl'
import { toCount } from '#web/lib/counts.ts'
import { rates } from '../player.ts'
import { useLanguageName } from '../use-language-name.ts'
import { usePlayer, usePlayerState } from '../use-player.ts'
import { PickOption } from './pick.tsx'

export function RateOptions() {
  const player = usePlayer()
  const rate = usePlayerState('rate')
  return rates.toReversed().map((value) => (
    <PickOption key={value} isOn={value === rate} choose={() => player.setRate(value)}>
      {toCount(value, 2)}×
    </PickOption>
  ))
}

export function AudioOptions() {
  const t = useTranslations('watch.player')
  const nameOfLanguage = useLanguageName()
  const player = usePlayer()
  const audios = usePlayerState('audios')
  const audio = usePlayerState('audio')
  return audios.map(({ id, label, language }) => {
    const name = nameOfLanguage(language)
    const isNamed = label !== '' && label !== language
    const words = isNamed ? label : (name ?? t('audioNumber', { number: id + 1 }))
    return (
      <PickOption key={id} isOn={id === audio} choose={() => player.chooseAudio(id)} hint={isNamed && name !== label ? name : undefined}>
        {words}
      </PickOption>
    )
  })
}
