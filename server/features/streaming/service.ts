import { buffer } from 'node:stream/consumers'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Transcoding } from '#server/features/transcoding/index.ts'
import type { Videos } from '#server/features/videos/index.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import { createAhead } from './ahead.ts'
import { createFilms } from './films.ts'
import { masterOf, mediaOf } from './playlists.ts'
import type { Seats } from './seats.ts'

export type StreamingParts = {
  videos: Pick<Videos, 'seeUnlocked'>
  transcoding: Pick<Transcoding, 'findFilm' | 'awaitCell' | 'expect'>
  blobs: Blobs
  clock: Clock
  seats: Seats
}
export type StreamingService = ReturnType<typeof createStreamingService>
/** Who asks, with what their browser shows for films that have a password. */
export type Asker = { viewer: Viewer; cookie: string | undefined; agent: string }
type Piece = { generation: number; row: string; file: string; signal: AbortSignal }

/** What is listed and not made yet is waited for so long. */
const patienceMs = 30_000

const initNameOf = ({ videoId, generation }: { videoId: string; generation: number }, row: string) =>
  `cells/${videoId}/${generation}/${row}/init.mp4`

const notThere = () => new Problem('not_found', 'video.not_found')
const notYet = () => new Problem('unavailable', 'stream.not_yet', { retryAfterMs: 1000 })

export function createStreamingService({ videos, transcoding, blobs, clock, seats }: StreamingParts) {
  const films = createFilms(transcoding.findFilm)
  const ahead = createAhead(transcoding.expect)
  const personOf = (viewer: Viewer) => (viewer.kind === 'person' ? viewer.accountId : undefined)

  function sit(viewer: Viewer, seat: string, isOpen: boolean): () => void {
    if (!seats.take(seat, { person: personOf(viewer), isOpen, nowMs: clock.now() }))
      throw new Problem('limited', 'stream.too_many', { retryAfterMs: 5000 })
    return () => seats.leave(seat)
  }

  /** One playback: of a session, or of an address and its program. */
  const playback = ({ viewer, agent }: Asker, vid: string) =>
    `${viewer.kind === 'person' ? viewer.sessionId : `${viewer.address} ${agent}`} ${vid}`

  const see = ({ viewer, cookie }: Asker, vid: string) => videos.seeUnlocked(viewer, vid, cookie)

  async function filmOf(videoId: string, generation: number) {
    const film = await films.find({ videoId, generation })
    if (!film) throw notYet()
    return film
  }

  return {
    /** The original, for whoever may see it. */
    async original(asker: Asker, vid: string) {
      const video = await see(asker, vid)
      if (video.source_blob === null || video.source_size === null) throw notThere()
      const type = /^(?:video|audio)\/[\w.+-]+$/.test(video.source_type ?? '') ? (video.source_type ?? '') : 'application/octet-stream'
      return { blob: video.source_blob, size: video.source_size, type, tag: `"${video.source_sha256 ?? video.generation}"` }
    },

    read: (blob: string, range: { start: number; end: number }, signal: AbortSignal) => blobs.read(blob, { range, signal }),

    /** A response holds its seat until what this answers is called. */
    sitForResponse: (viewer: Viewer, requestId: string) => sit(viewer, requestId, true),

    async master(asker: Asker, vid: string): Promise<string> {
      const { generation } = await see(asker, vid)
      const film = await filmOf(vid, generation)
      sit(asker.viewer, playback(asker, vid), false)
      return masterOf(film.plan, generation, new Map(film.rows.map(({ name, codec }) => [name, codec])))
    },

    async playlist(asker: Asker, vid: string, { generation, file }: { generation: number; file: string }) {
      await see(asker, vid)
      const film = await filmOf(vid, generation)
      const text = mediaOf(film.plan, file.replace(/[.]m3u8$/, ''))
      if (text === undefined) throw notThere()
      sit(asker.viewer, playback(asker, vid), false)
      return text
    },

    /** An init section or a cell; made now if it must be. */
    async piece(asker: Asker, vid: string, { generation, row, file, signal }: Piece) {
      const { visibility } = await see(asker, vid)
      const film = await filmOf(vid, generation)
      const cells = film.rows.find(({ name }) => name === row)?.cells ?? 0
      const cell = file === 'init.mp4' ? undefined : Number(file.replace('.m4s', ''))
      if (cells === 0 || (cell !== undefined && cell >= cells)) throw notThere()
      sit(asker.viewer, playback(asker, vid), false)
      const key = { videoId: vid, generation }
      if (cell === undefined)
        return { bytes: await buffer(blobs.read(initNameOf(key, row), { signal })), isLasting: visibility === 'public' }
      ahead.passes({ ...key, row, cell, cells })
      const ready = await transcoding.awaitCell({ ...key, row, cell, patienceMs, signal })
      if (!ready) throw notYet()
      return { bytes: await buffer(blobs.read(ready.name, { signal })), isLasting: visibility === 'public' && !ready.isStandIn }
    },
  }
}
