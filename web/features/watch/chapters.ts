import type { Video } from '#shared/api/videos.ts'
import type { Chapter } from '#web/player/chapters.ts'
import { fromClock } from '#web/player/clock.ts'

/** Those of the film; where it has none, those that its description lists, one a line, from the very beginning. */
export function chaptersOf({ chapters, description, durationMs }: Pick<Video, 'chapters' | 'description' | 'durationMs'>): Chapter[] {
  if (chapters.length > 0) return chapters.map(({ startMs, title }) => ({ fromS: startMs / 1000, title }))
  const endS = durationMs === null ? Number.POSITIVE_INFINITY : durationMs / 1000
  const listed = description.split('\n').flatMap((line) => {
    const [, time = '', title = ''] = /^\s*[[(（【]?(\d{1,3}(?::[0-5]?\d){1,2})[\])）】]?[\s\-–—:：·|]+(\S.*)$/.exec(line) ?? []
    const fromS = fromClock(time)
    return fromS === undefined || fromS >= endS ? [] : [{ fromS, title: title.trim() }]
  })
  const isInOrder = listed.every(({ fromS }, at) => at === 0 || fromS > (listed[at - 1]?.fromS ?? 0))
  return listed.length > 1 && listed[0]?.fromS === 0 && isInOrder ? listed : []
}
