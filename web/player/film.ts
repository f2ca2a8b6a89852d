import type { Chapter } from './chapters.ts'
import type { SubtitleTrack } from './captions/tracks.ts'
import type { FilmMarks } from './marks.ts'

/** A film that the viewer has running somewhere. */
export type Seat = { id: string; device: string; since: Date }

/** What the player is told of what it shows. It knows neither pages nor videos. */
export type PlayerFilm = {
  id: string
  title: string
  artist: string
  /** Where the page of it is, for the way back from the mini player. */
  href: string
  poster: string | null
  /** The same picture, smaller, for browsers that read more than JPEG. */
  posters: readonly { type: string; srcSet: string; sizes: string }[]
  /** All rows, and the source as it is. */
  hls: string
  original: string
  /** Where the film has pictures for the bar. */
  storyboard: string | null
  subtitles: readonly SubtitleTrack[]
  chapters: readonly Chapter[]
  marks: FilmMarks
  durationMs: number | null
  /** Where to begin, and whether this is going on from an earlier time. */
  startMs: number
  isResumed: boolean
  /** Whatever the habits say, it does not begin by itself. */
  waits?: boolean
  /** Renews a session that has ended; false where nobody wants to. */
  renew(): Promise<boolean>
  seats: { list(): Promise<Seat[]>; free(id: string): Promise<void> }
}
