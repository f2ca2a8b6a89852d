import { useEffect, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { CloseIcon } from '#web/ui/icons.tsx'
import { usePlayer } from './use-player.ts'

type Rows = [name: 'picture' | 'window' | 'bitRate' | 'line' | 'ahead' | 'dropped' | 'codecs' | 'engine', value: string][]

/** For whoever wants to know what happens. */
export function FiguresPanel() {
  const t = useTranslations('watch.figures')
  const format = useFormatter()
  const player = usePlayer()
  const [rows, setRows] = useState<Rows>([])
  useEffect(() => {
    const megabits = (bits: number) => (bits > 0 ? `${format.number(bits / 1e6, { maximumFractionDigits: 2 })} Mbit/s` : '–')
    const read = () => {
      const { video } = player
      const { engine, bitRate, lineRate, codecs } = player.figures()
      const { droppedVideoFrames, totalVideoFrames } = video.getVideoPlaybackQuality()
      const aheadS = aheadOf(video)
      setRows([
        ['picture', `${video.videoWidth} × ${video.videoHeight}`],
        ['window', `${video.clientWidth} × ${video.clientHeight} × ${devicePixelRatio}`],
        ['bitRate', megabits(bitRate)],
        ['line', megabits(lineRate)],
        ['ahead', `${format.number(aheadS, { maximumFractionDigits: 1 })} s`],
        ['dropped', `${droppedVideoFrames} / ${totalVideoFrames}`],
        ['codecs', codecs || '–'],
        ['engine', engine],
      ])
    }
    read()
    const timer = setInterval(read, 1000)
    return () => clearInterval(timer)
  }, [player, format])
  return (
    <section className="player-figures" aria-label={t('title')}>
      <button type="button" aria-label={t('close')} onClick={() => player.store.set({ areFiguresShown: false })}>
        <CloseIcon />
      </button>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function aheadOf({ buffered, currentTime }: HTMLVideoElement): number {
  for (let at = 0; at < buffered.length; at++)
    if (buffered.start(at) <= currentTime && buffered.end(at) > currentTime) return buffered.end(at) - currentTime
  return 0
}
