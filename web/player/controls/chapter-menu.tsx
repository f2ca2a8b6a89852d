import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { type Chapter, chapterAt } from '../chapters.ts'
import { toClock } from '../clock.ts'
import { useFrames } from '../use-frames.ts'
import { usePlayer } from '../use-player.ts'
import { Pick, PickOption } from './pick.tsx'

/** The chapter the film is in, and the way to all of them. */
export function ChapterMenu({ chapters }: { chapters: readonly Chapter[] }) {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const [now, setNow] = useState<Chapter>()
  useFrames(() => setNow(chapterAt(chapters, player.video.currentTime)))
  return (
    <Pick
      label={t('chapterNow', { title: now?.title ?? '' })}
      shown={<span className="control-chapter-title">{now?.title ?? t('chapters')}</span>}
      className="control-word control-chapter"
    >
      {chapters.map((chapter) => (
        <PickOption
          key={chapter.fromS}
          isOn={chapter === now}
          choose={() => player.seek(chapter.fromS)}
          hint={<span className="pick-time">{toClock(chapter.fromS)}</span>}
        >
          {chapter.title}
        </PickOption>
      ))}
    </Pick>
  )
}
