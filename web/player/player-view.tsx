import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { CaptionsLayer } from './captions/captions-layer.tsx'
import { CaptionsProvider, useCaptionState } from './captions/use-captions.ts'
import { Control } from './controls/control.tsx'
import { ControlBar } from './controls/control-bar.tsx'
import { loadStoryboard, type Storyboard } from './controls/storyboard.ts'
import { Faces, ResumeHint } from './faces.tsx'
import { FiguresPanel } from './figures-panel.tsx'
import type { PlayerFilm } from './film.ts'
import { HelpDialog } from './help-dialog.tsx'
import { LockIcon, UnlockIcon } from './player-icons.tsx'
import { SkipHint } from './skip-hint.tsx'
import { Surface, useWake } from './surface.tsx'
import { useKeys } from './use-keys.ts'
import { usePlayer, usePlayerState } from './use-player.ts'
import { useSurroundings } from './use-surroundings.ts'
import './player.css'
import './controls.css'

type Props = {
  film: PlayerFilm
  /** Small, in a corner, while another page is read. */
  isMini: boolean
  /** How much of it is made, while it is. */
  progress?: number | undefined
  /** Over the bar: where most is said. */
  heat?: ReactNode
  /** Over the picture, under the controls. */
  layer?: ReactNode
  /** Beside the choices in the bar. */
  extras?: ReactNode
  miniActs?: ReactNode
}

export function PlayerView({ film, isMini, progress, heat, layer, extras, miniActs }: Props) {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const frame = useRef<HTMLElement>(null)
  const { isAwake, wake, doze } = useWake(frame)
  const captions = useCaptionState(film.subtitles)
  const storyboard = useStoryboard(film.storyboard)
  const isOpening = usePlayerState('isOpening')
  const full = usePlayerState('full')
  const isLocked = usePlayerState('isLocked')
  const areFiguresShown = usePlayerState('areFiguresShown')
  useSurroundings(film)
  useKeys({ player, toggleCaptions: captions.toggle }, !isMini)
  const areControlsShown = isAwake && !isLocked

  return (
    <CaptionsProvider value={captions}>
      <section
        className="player"
        ref={frame}
        aria-label={t('label', { title: film.title })}
        data-mini={isMini || undefined}
        data-full={full}
        data-awake={isAwake || undefined}
        data-controls={areControlsShown || undefined}
        onPointerMove={(event) => event.pointerType === 'mouse' && wake()}
        onPointerLeave={(event) => event.pointerType === 'mouse' && doze()}
        onFocus={wake}
      >
        <Surface tapped={() => (isAwake && !isLocked ? doze() : wake())} />
        {isOpening && film.poster ? <Poster film={film} poster={film.poster} /> : null}
        {layer}
        <CaptionsLayer />
        <Faces progress={progress} />
        {isMini ? miniActs : null}
        {isMini ? null : (
          <>
            <ResumeHint />
            <SkipHint marks={film.marks} />
            {areFiguresShown ? <FiguresPanel /> : null}
            <LockControl />
            {isLocked ? null : <ControlBar film={film} storyboard={storyboard} heat={heat} extras={extras} />}
            <HelpDialog />
          </>
        )}
      </section>
    </CaptionsProvider>
  )
}

function Poster({ film, poster }: { film: PlayerFilm; poster: string }) {
  return (
    <picture>
      {film.posters.map((source) => (
        <source key={source.type} {...source} />
      ))}
      <img className="player-poster" src={poster} alt="" />
    </picture>
  )
}

/** On a phone in full screen: no touch does anything but this one. */
function LockControl() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const isLocked = usePlayerState('isLocked')
  const full = usePlayerState('full')
  if (full === 'no' && !isLocked) return null
  return (
    <Control
      icon={isLocked ? LockIcon : UnlockIcon}
      label={isLocked ? t('unlock') : t('lock')}
      isOn={isLocked}
      className="player-lock"
      act={() => player.store.set({ isLocked: !isLocked })}
    />
  )
}

function useStoryboard(url: string | null): Storyboard | undefined {
  const [storyboard, setStoryboard] = useState<Storyboard>()
  useEffect(() => {
    setStoryboard(undefined)
    if (url === null) return
    const away = new AbortController()
    loadStoryboard(url, away.signal).then(setStoryboard, () => undefined)
    return () => away.abort()
  }, [url])
  return storyboard
}
