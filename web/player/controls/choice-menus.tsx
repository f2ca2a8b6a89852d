import { type ReactNode, useId } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { CheckIcon } from '#web/ui/icons.tsx'
import { Menu } from '#web/ui/menu.tsx'
import { useCaptions } from '../captions/use-captions.ts'
import type { Quality } from '../engine/engine.ts'
import { rates } from '../player.ts'
import { CaptionsIcon, TuneIcon } from '../player-icons.tsx'
import { usePlayer, usePlayerState } from '../use-player.ts'
import { CaptionChoices } from './caption-choices.tsx'
import { MoreChoices } from './more-choices.tsx'

/** What can be chosen, each said as it is now. */
export function ChoiceMenus() {
  const { tracks } = useCaptions()
  const audios = usePlayerState('audios')
  return (
    <>
      <RateMenu />
      <QualityMenu />
      {tracks.length > 0 ? <CaptionsMenu /> : null}
      {audios.length > 1 ? <AudioMenu /> : null}
      <MoreMenu />
    </>
  )
}

type PickProps = { label: string; shown: ReactNode; className?: string; children: ReactNode }

function Pick({ label, shown, className = '', children }: PickProps) {
  const id = useId()
  return (
    <>
      <button type="button" className={`control-button ${className}`} popoverTarget={id} aria-label={label} title={label}>
        {shown}
      </button>
      <Menu id={id} label={label}>
        {children}
      </Menu>
    </>
  )
}

type OptionProps = { isOn: boolean; choose(): void; children: ReactNode; hint?: ReactNode }

function PickOption({ isOn, choose, children, hint }: OptionProps) {
  return (
    <button type="button" className="menu-item pick-option" aria-pressed={isOn} data-closes onClick={choose}>
      {isOn ? <CheckIcon /> : <span className="pick-gap" />}
      <span>{children}</span>
      {hint ? <span className="pick-hint">{hint}</span> : null}
    </button>
  )
}

function RateMenu() {
  const t = useTranslations('watch.player')
  const format = useFormatter()
  const player = usePlayer()
  const rate = usePlayerState('rate')
  const written = (value: number) => `${format.number(value, { maximumFractionDigits: 2 })}×`
  return (
    <Pick label={t('rateNow', { rate: written(rate) })} shown={rate === 1 ? t('rate') : written(rate)} className="control-word">
      {rates.toReversed().map((value) => (
        <PickOption key={value} isOn={value === rate} choose={() => player.setRate(value)}>
          {written(value)}
        </PickOption>
      ))}
    </Pick>
  )
}

function QualityMenu() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const qualities = usePlayerState('qualities')
  const quality = usePlayerState('quality')
  const shown = usePlayerState('shown')
  const now = shown ? nameOf(shown) : undefined
  const word = quality === 'original' ? t('original') : quality === 'auto' ? (now ? t('autoNow', { now }) : t('auto')) : `${quality}p`
  return (
    <Pick label={t('qualityNow', { now: word })} shown={word} className="control-word control-quality">
      {[...qualities].map((one) => (
        <PickOption key={one.id} isOn={quality === one.id} choose={() => player.chooseQuality(one.id)}>
          {nameOf(one)}
        </PickOption>
      ))}
      <PickOption isOn={quality === 'original'} choose={() => player.chooseQuality('original')} hint={t('originalHint')}>
        {t('original')}
      </PickOption>
      <PickOption isOn={quality === 'auto'} choose={() => player.chooseQuality('auto')} hint={quality === 'auto' ? now : undefined}>
        {t('auto')}
      </PickOption>
    </Pick>
  )
}

/** `1080p60`: the rate is said where it is more than usual. */
function nameOf({ height, rate }: Quality): string {
  return rate > 40 ? `${height}p${Math.round(rate)}` : `${height}p`
}

function CaptionsMenu() {
  const t = useTranslations('watch.player')
  const { state } = useCaptions()
  return (
    <Pick label={t('subtitles')} shown={<CaptionsIcon />} className={state.first === undefined ? '' : 'control-on'}>
      <CaptionChoices />
    </Pick>
  )
}

function AudioMenu() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const audios = usePlayerState('audios')
  const audio = usePlayerState('audio')
  return (
    <Pick label={t('audio')} shown={t('audio')} className="control-word">
      {audios.map(({ id, label, language }) => (
        <PickOption key={id} isOn={id === audio} choose={() => player.chooseAudio(id)} hint={language === label ? undefined : language}>
          {label || t('audioNumber', { number: id + 1 })}
        </PickOption>
      ))}
    </Pick>
  )
}

function MoreMenu() {
  const t = useTranslations('watch.player')
  return (
    <Pick label={t('more')} shown={<TuneIcon />}>
      <MoreChoices />
    </Pick>
  )
}
