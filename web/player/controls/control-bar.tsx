import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { toClock } from '../clock.ts'
import { AgainIcon, FullIcon, FullLeaveIcon, PauseIcon, PipIcon, PlayIcon, TheatreIcon, TheatreLeaveIcon } from '../player-icons.tsx'
import { usePlayer, usePlayerState } from '../use-player.ts'
import type { PlayerFilm } from '../film.ts'
import { ChapterMenu } from './chapter-menu.tsx'
import { ChoiceMenus } from './choice-menus.tsx'
import { Control } from './control.tsx'
import { SeekBar } from './seek-bar.tsx'
import type { Storyboard } from './storyboard.ts'
import { TimeShown } from './time-shown.tsx'
import { Volume } from './volume.tsx'

type Props = { film: PlayerFilm; storyboard: Storyboard | undefined; heat: ReactNode; extras: ReactNode }

export function ControlBar({ film: { chapters }, storyboard, heat, extras }: Props) {
  return (
    // The mouse takes no focus from the page: after a click, space still pauses the film.
    <div className="control-bar" onMouseDown={(event) => event.preventDefault()} role="presentation">
      <SeekBar chapters={chapters} storyboard={storyboard} heat={heat} />
      <div className="control-row">
        <PlayControl />
        <Volume />
        <TimeShown />
        <LoopChip />
        {chapters.length > 0 ? <ChapterMenu chapters={chapters} /> : null}
        <span className="control-space" />
        {extras}
        <ChoiceMenus />
        <FrameControls />
      </div>
    </div>
  )
}

function PlayControl() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const isPaused = usePlayerState('isPaused')
  const isEnded = usePlayerState('isEnded')
  const [icon, label] = isEnded ? [AgainIcon, t('again')] : isPaused ? [PlayIcon, t('play')] : [PauseIcon, t('pause')]
  return <Control icon={icon} label={label} keys="K" className="control-play" act={() => player.toggle()} />
}

/** The part that comes again and again, and the way out of it. */
function LoopChip() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const from = usePlayerState('loopFromS')
  const to = usePlayerState('loopToS')
  if (from === undefined) return null
  const words = to === undefined ? t('partBegins', { from: toClock(from) }) : t('part', { from: toClock(from), to: toClock(to) })
  return (
    <button type="button" className="control-chip" title={t('partClear')} onClick={() => player.clearLoop()}>
      {words}
    </button>
  )
}

function FrameControls() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const full = usePlayerState('full')
  const isTheatre = usePlayerState('isTheatre')
  const isInPip = usePlayerState('isInPip')
  return (
    <>
      {document.pictureInPictureEnabled ? (
        <Control icon={PipIcon} label={t('pip')} keys="P" isOn={isInPip} className="control-pip" act={() => void player.togglePip()} />
      ) : null}
      {full === 'no' ? (
        <Control
          icon={isTheatre ? TheatreLeaveIcon : TheatreIcon}
          label={t('theatre')}
          keys="T"
          isOn={isTheatre}
          className="control-theatre"
          act={() => player.setTheatre(!isTheatre)}
        />
      ) : null}
      <Control
        icon={full === 'no' ? FullIcon : FullLeaveIcon}
        label={full === 'no' ? t('full') : t('fullLeave')}
        keys="F"
        act={() => void player.setFull(full === 'no' ? 'screen' : 'no')}
      />
    </>
  )
}
