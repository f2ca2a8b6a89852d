import { type KeyboardEvent, type PointerEvent, type SyntheticEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ApiFailure } from '#web/lib/failure.ts'
import { Button } from '#web/ui/button.tsx'
import { FailureText } from '#web/ui/failure-text.tsx'
import { type Crop, maxZoom, moved, type Size, type Square, toSquare, wholeCrop, zoomed } from './crop.ts'

type Props = { url: string; isSending: boolean; failure: ApiFailure | undefined; keep(square: Square): void }

const keyStep = 0.04

/** A round window on the picture: drag or use the arrow keys to move it, the slider, the wheel or + and - to come nearer. */
export function AvatarCrop({ url, isSending, failure, keep }: Props) {
  const t = useTranslations('settings.avatar')
  const [picture, setPicture] = useState<Size>()
  const [crop, setCrop] = useState<Crop>(wholeCrop)
  const [isUnreadable, setIsUnreadable] = useState(false)

  if (isUnreadable) return <p role="alert">{t('unreadable')}</p>
  const take = ({ currentTarget: { naturalWidth: width, naturalHeight: height } }: SyntheticEvent<HTMLImageElement>) =>
    setPicture({ width, height })
  return (
    <>
      <Window picture={picture} crop={crop} change={setCrop}>
        <img
          className="crop-picture"
          src={url}
          alt=""
          onLoad={take}
          onError={() => setIsUnreadable(true)}
          style={placeOf(picture, crop)}
          draggable={false}
        />
      </Window>
      <label className="crop-zoom">
        <span className="field-label">{t('zoom')}</span>
        <input
          type="range"
          className="range"
          min={1}
          max={maxZoom}
          step={0.05}
          value={crop.zoom}
          onChange={({ target }) => picture && setCrop(zoomed(picture, crop, Number(target.value)))}
        />
      </label>
      {failure ? (
        <p className="field-error" role="alert">
          <FailureText failure={failure} />
        </p>
      ) : null}
      <Button look="lamp" size="wide" isBusy={isSending} disabled={!picture} onClick={() => picture && keep(toSquare(picture, crop))}>
        {t('keep')}
      </Button>
    </>
  )
}

type WindowProps = { picture: Size | undefined; crop: Crop; change(crop: Crop): void; children: React.ReactNode }

function Window({ picture, crop, change, children }: WindowProps) {
  const t = useTranslations('settings.avatar')
  const held = useRef<{ x: number; y: number }>(undefined)

  function take(event: PointerEvent<HTMLDivElement>) {
    event.currentTarget.setPointerCapture(event.pointerId)
    held.current = { x: event.clientX, y: event.clientY }
  }

  function drag(event: PointerEvent<HTMLDivElement>) {
    if (!held.current || !picture) return
    const side = event.currentTarget.clientWidth
    change(moved(picture, crop, { x: (held.current.x - event.clientX) / side, y: (held.current.y - event.clientY) / side }))
    held.current = { x: event.clientX, y: event.clientY }
  }

  function press(event: KeyboardEvent) {
    if (!picture) return
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    const nearer = { '+': 1.1, '=': 1.1, '-': 1 / 1.1 }[event.key]
    if (!step && !nearer) return
    event.preventDefault()
    if (step) change(moved(picture, crop, { x: (step[0] ?? 0) * keyStep, y: (step[1] ?? 0) * keyStep }))
    if (nearer) change(zoomed(picture, crop, crop.zoom * nearer))
  }

  return (
    <div
      className="crop-window"
      // One thing that is moved in two directions: none of the simple roles says that.
      role="application"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it takes keys
      tabIndex={0}
      aria-label={t('window')}
      onPointerDown={take}
      onPointerMove={drag}
      onPointerUp={() => {
        held.current = undefined
      }}
      onWheel={(event) => picture && change(zoomed(picture, crop, crop.zoom * (event.deltaY < 0 ? 1.08 : 1 / 1.08)))}
      onKeyDown={press}
    >
      {children}
    </div>
  )
}

/** The picture behind the window, in shares of the window's side. */
function placeOf(picture: Size | undefined, crop: Crop) {
  if (!picture) return { visibility: 'hidden' as const }
  const { left, top, size } = toSquare(picture, crop)
  const share = (pixels: number) => `${(pixels / size) * 100}%`
  return { width: share(picture.width), height: share(picture.height), left: share(-left), top: share(-top) }
}
