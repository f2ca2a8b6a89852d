import { useTranslations } from 'use-intl'
import { toCount } from '#web/lib/counts.ts'
import { useCaptions } from '../captions/use-captions.ts'
import type { Quality } from '../engine/engine.ts'
import { CaptionsIcon, TuneIcon } from '../player-icons.tsx'
import { usePlayer, usePlayerState } from '../use-player.ts'
import { CaptionChoices } from './caption-choices.tsx'
import { MoreChoices } from './more-choices.tsx'
import { Pick, PickOption } from './pick.tsx'
import { AudioOptions, RateOptions } from './sound-options.tsx'

/** What can be chosen, each said as it is now. On a narrow picture some of them stand under "more" alone. */
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

function RateMenu() {
  const t = useTranslations('watch.player')
  const rate = usePlayerState('rate')
  const written = `${toCount(rate, 2)}×`
  return (
    <Pick label={t('rateNow', { rate: written })} shown={rate === 1 ? t('rate') : written} className="control-word control-rate">
      <RateOptions />
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
  const row = rowFor(quality, qualities)
  const word =
    quality === 'original'
      ? t('original')
      : quality === 'auto'
        ? now
          ? t('autoNow', { now })
          : t('auto')
        : row
          ? nameOf(row)
          : `${quality}p`
  return (
    <Pick label={t('qualityNow', { now: word })} shown={word} className="control-word control-quality">
      {[...qualities].map((one) => (
        <PickOption key={one.id} isOn={row?.id === one.id} choose={() => player.chooseQuality(one.id)}>
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

/** What is chosen holds for every film: where one has no such row, the next one down is shown. The highest comes first. */
function rowFor(quality: string, qualities: readonly Quality[]): Quality | undefined {
  const lines = Number(quality)
  return Number.isNaN(lines) ? undefined : (qualities.find(({ height }) => height <= lines) ?? qualities.at(-1))
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
  return (
    <Pick label={t('audio')} shown={t('audio')} className="control-word control-audio">
      <AudioOptions />
    </Pick>
  )
}

function MoreMenu() {
  const t = useTranslations('watch.player')
  return (
    <Pick label={t('more')} shown={<TuneIcon />} className="control-more">
      <MoreChoices />
    </Pick>
  )
}
