import { useMemo } from 'react'
import type { Video } from '#shared/api/videos.ts'
import { useReading } from '#web/lib/reading.ts'
import type { SubtitleTrack } from '#web/player/captions/tracks.ts'
import { subtitlesOf } from './api.ts'

const refreshMs = 10_000

/** The texts of a film that can be shown; while it is being made, more of them may come. */
export function useSubtitles({ id, generation, state }: Pick<Video, 'id' | 'generation' | 'state'>): readonly SubtitleTrack[] {
  const { data } = useReading(subtitlesOf(id), state === 'processing' ? { refreshMs } : {})
  return useMemo(
    () =>
      (data?.items ?? [])
        .filter(({ kind }) => kind !== 'picture')
        .map((text) => ({
          id: text.id,
          language: text.language,
          label: text.label,
          url: `/stream/${encodeURIComponent(id)}/${generation}/texts/${text.id}.vtt`,
        })),
    [data, id, generation],
  )
}
