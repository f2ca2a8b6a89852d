import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { type FilmMarks, type Skip, skipAt } from './marks.ts'
import { ForwardIcon } from './player-icons.tsx'
import { useFrames } from './use-frames.ts'
import { usePlayer } from './use-player.ts'

/** The way past what one has seen before, as long as it runs. */
export function SkipHint({ marks }: { marks: FilmMarks }) {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const [skip, setSkip] = useState<Skip>()
  useFrames(() => {
    const next = skipAt(marks, player.video.currentTime, player.store.get().durationS)
    setSkip((before) => (before?.kind === next?.kind ? before : next))
  })
  if (!skip) return null
  return (
    <button type="button" className="player-skip" onClick={() => player.seek(skip.toS)}>
      {t(skip.kind === 'intro' ? 'skipIntro' : 'skipCredits')}
      <ForwardIcon />
    </button>
  )
}
