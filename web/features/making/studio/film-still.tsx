import type { Video } from '#shared/api/videos.ts'
import { FilmsIcon } from '#web/ui/icons.tsx'
import { toLength } from '../sizes.ts'
import { stillOf } from './api.ts'
import '../film-length.css'

export function StudioStill({ video, width }: { video: Video; width: 320 | 640 }) {
  const src = stillOf(video, width)
  return (
    <span className="studio-still">
      {src ? <img src={src} alt="" loading="lazy" decoding="async" /> : <FilmsIcon />}
      {video.durationMs === null ? null : <span className="film-length count">{toLength(video.durationMs)}</span>}
    </span>
  )
}
