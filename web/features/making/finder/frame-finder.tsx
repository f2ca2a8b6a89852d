import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { loadStoryboard, type Storyboard, stillAt } from '#web/player/controls/storyboard.ts'
import { Button } from '#web/ui/button.tsx'
import { FilmsIcon } from '#web/ui/icons.tsx'
import { toTime } from './moments.ts'
import './finder.css'

/** `storyboard`: small pictures for a browser that cannot show the film. */
export type Findable = { src: string; durationMs: number; width: number | null; height: number | null; storyboard?: string }

type Props = { film: Findable; atMs: number; look(atMs: number): void; frame?: RefObject<HTMLVideoElement | null> }

const steps = [-10_000, -1000, -40, 40, 1000, 10_000] as const

/** The film held still at a moment that one can choose to the frame. */
export function FrameFinder({ film, atMs, look, frame }: Props) {
  const t = useTranslations('making.finder')
  const lastMs = Math.max(0, film.durationMs - 1)
  const go = (ms: number) => look(Math.min(lastMs, Math.max(0, Math.round(ms))))
  return (
    <div className="finder">
      <Frame film={film} atMs={atMs} frame={frame} />
      <label className="finder-bar">
        <span className="unseen">{t('moment')}</span>
        <input
          type="range"
          min={0}
          max={lastMs}
          step={1}
          value={atMs}
          aria-valuetext={toTime(atMs)}
          onChange={(event) => go(Number(event.target.value))}
        />
      </label>
      <div className="finder-acts" role="group" aria-label={t('steps')}>
        <span className="finder-time count">{toTime(atMs)}</span>
        {steps.map((step) => (
          <Button key={step} size="small" look="bare" aria-label={`${signOf(step)} ${t(nameOf(step))}`} onClick={() => go(atMs + step)}>
            {signOf(step)}
          </Button>
        ))}
      </div>
    </div>
  )
}

const nameOf = (step: (typeof steps)[number]) =>
  (({ '-10000': 'back10', '-1000': 'back1', '-40': 'backFrame', '40': 'onFrame', '1000': 'on1', '10000': 'on10' }) as const)[step]

const signOf = (step: number) => {
  if (Math.abs(step) < 1000) return step < 0 ? '‹' : '›'
  return `${step < 0 ? '−' : '+'}${Math.abs(step) / 1000} s`
}

type FrameProps = Pick<Props, 'film' | 'atMs'> & { frame: Props['frame'] }

/** The film, where this browser can show it; the small pictures of the seek bar where it cannot. */
function Frame({ film: { src, width, height, storyboard }, atMs, frame }: FrameProps) {
  const own = useRef<HTMLVideoElement>(null)
  const element = frame ?? own
  const [isUnshowable, setIsUnshowable] = useState(false)
  const ratio = width && height ? `${width} / ${height}` : '16 / 9'

  useEffect(() => {
    const shown = element.current
    if (!shown) return
    const wishedS = atMs / 1000
    // One leap at a time: while one is under way, only the last wish counts.
    if (!shown.seeking) shown.currentTime = wishedS
    const seeked = () => {
      if (Math.abs(shown.currentTime - wishedS) > 0.01) shown.currentTime = wishedS
    }
    shown.addEventListener('seeked', seeked)
    return () => shown.removeEventListener('seeked', seeked)
  }, [atMs, element])

  return (
    <div className="finder-frame" style={{ aspectRatio: ratio }}>
      {isUnshowable ? (
        <SmallFrame storyboard={storyboard} atMs={atMs} />
      ) : (
        <video
          ref={element}
          src={src}
          muted
          playsInline
          preload="auto"
          tabIndex={-1}
          aria-hidden="true"
          onLoadedMetadata={({ currentTarget }) => {
            currentTarget.currentTime = atMs / 1000
          }}
          onError={() => setIsUnshowable(true)}
        />
      )}
    </div>
  )
}

function SmallFrame({ storyboard: address, atMs }: { storyboard: string | undefined; atMs: number }) {
  const [storyboard, setStoryboard] = useState<Storyboard>()
  useEffect(() => {
    if (address === undefined) return
    const away = new AbortController()
    void loadStoryboard(address, away.signal).then(setStoryboard, () => undefined)
    return () => away.abort()
  }, [address])
  const still = storyboard && stillAt(storyboard, atMs / 1000)
  if (!still) return <FilmsIcon />
  return (
    <span className="finder-small" style={{ aspectRatio: `${still.width} / ${still.height}`, inlineSize: still.width }}>
      <img src={still.url} alt="" style={{ translate: `${-still.x}px ${-still.y}px` }} />
    </span>
  )
}
