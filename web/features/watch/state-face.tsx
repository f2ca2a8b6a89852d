import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { useReading } from '#web/lib/reading.ts'
import { videoOf } from './api.ts'

/** Where there is no film to be shown yet, or will be none. Looks again by itself while one may come. */
export function StateFace({ video }: { video: Video }) {
  const t = useTranslations('watch.state')
  const name = video.state === 'failed' || video.state === 'uploading' ? video.state : 'draft'
  useReading(videoOf(video.id), { ...(name === 'failed' ? {} : { refreshMs: 4000 }) })
  return (
    <div className="stage">
      <div className="stage-face">
        <strong>{t(`${name}.title`)}</strong>
        <span>{video.failure?.text ?? t(`${name}.text`)}</span>
      </div>
    </div>
  )
}
