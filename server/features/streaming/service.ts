import type { Transcoding } from '#server/features/transcoding/index.ts'
import type { Videos } from '#server/features/videos/index.ts'
import { may } from '#server/lib/may.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { withBlanks } from '#server/media/original/blanks.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Asker } from './asker.ts'
import { subtitlesOf } from './besides.ts'
import type { StreamFigures, StreamReportBody } from '#shared/api/films.ts'
import { createAhead } from './ahead.ts'
import { endedElsewhere, noSeat, notForOthers, notThere, notYet, tooMany, tooManyOfOne } from './errors.ts'
import { createDelivery, type Delivered } from './delivery.ts'
import { createFilms } from './films.ts'
import { createFoundCells } from './found-cells.ts'
import { createOriginals } from './originals.ts'
import { isOriginalRow, masterOf, mediaOf, originalMediaOf, originalOf } from './playlists.ts'
import type { SharedSeats } from './shared-seats.ts'
import type { ReportStore } from './store.ts'

export type StreamingParts = {
  videos: Pick<Videos, 'seeUnlocked' | 'seeOften'>
  transcoding: Pick<Transcoding, 'awaitFilm' | 'awaitCell' | 'expect' | 'besides' | 'findFilm'>
  blobs: Blobs
  clock: Clock
  seats: SharedSeats
  /** How long a playlist waits for a film that is being planned. */
  planPatienceMs: () => number
  isFrontSending: () => boolean
  reports: ReportStore
  /** How a person would call what they watch on. */
  deviceName: (agent: string) => string
}
export type StreamingService = ReturnType<typeof createStreamingService>
/** `signal` is asked for when there is something to wait for: most cells lie there. */
type Piece = { generation: number; row: string; file: string; readonly signal: AbortSignal }
type Seen = Awaited<ReturnType<Videos['seeUnlocked']>>

/** What is listed and not made yet is waited for so long. */
const patienceMs = 30_000

export function createStreamingService(parts: StreamingParts) {
  const { videos, transcoding, blobs, clock, seats, planPatienceMs } = parts
  const delivery = createDelivery(parts)
  const films = createFilms(transcoding.awaitFilm)
  const found = createFoundCells(clock)
  const ahead = createAhead(transcoding.expect)
  const originals = createOriginals(blobs)
  const personOf = (viewer: Viewer) => (viewer.kind === 'person' ? viewer.accountId : undefined)

  function sit({ viewer, agent }: Asker, seat: { name: string; videoId: string; end?: () => void }): () => void {
    const person = personOf(viewer)
    const { name, videoId, end } = seat
    const sitting = { person, videoId, device: parts.deviceName(agent), isOpen: end !== undefined, ...(end ? { end } : {}) }
    const taken = seats.take(name, sitting)
    if (taken === 'full') throw tooMany()
    if (taken === 'ended') throw endedElsewhere()
    if (taken !== 'taken') throw tooManyOfOne(seats.list(person ?? '').map(({ device }) => device))
    return () => seats.leave(name)
  }

  /** One playback: of a session, or of an address and its program. */
  const playback = ({ viewer, agent }: Asker, vid: string) =>
    `${viewer.kind === 'person' ? viewer.sessionId : `${viewer.address} ${agent}`} ${vid}`
  function play(asker: Asker, vid: string): void {
    const name = playback(asker, vid)
    if (!seats.renew(name)) sit(asker, { name, videoId: vid })
  }

  const see = ({ viewer, cookie }: Asker, vid: string) => videos.seeUnlocked(viewer, vid, cookie)

  async function filmOf(videoId: string, generation: number, over: { readonly signal: AbortSignal }) {
    const key = { videoId, generation }
    const film = films.recall(key) ?? (await films.find({ ...key, patienceMs: planPatienceMs(), signal: over.signal }))
    if (!film) throw notYet()
    return film
  }

  /** Of this source; another generation's rows are gone with it. */
  async function packagedOf(video: Seen, generation: number) {
    if (video.source_blob === null || video.source_size === null || video.generation !== generation) return undefined
    return await originals.find({ blob: video.source_blob, size: video.source_size }).catch((error: unknown) => {
      // Between stores, or on its way: who asks again finds it.
      throw error instanceof Problem && error.kind === 'not_found' ? notYet() : error
    })
  }

  const subtitlesFor = ({ id, generation }: Seen) => subtitlesOf(transcoding, { videoId: id, generation })

  async function rowsOf(video: Seen, signal: AbortSignal) {
    const generation = generationOf(video)
    const film = await filmOf(video.id, generation, { signal })
    const codecs = new Map(film.rows.map(({ name, codec }) => [name, codec]))
    return { plan: film.plan, generation, codecs, original: await packagedOf(video, generation), subtitles: await subtitlesFor(video) }
  }

  /** Keepers get every byte; others what concerns nobody but the owner as emptiness of the same length. */
  async function blanksFor(viewer: Viewer, video: Seen, source: { blob: string; size: number }) {
    const { owner_id: ownerId, visibility, state, publish_ms: publishMs, deleted_ms: deletedMs } = video
    if (may(viewer, 'video.inspect', { ownerId, visibility, state, publishMs, deletedMs, nowMs: clock.now() })) return []
    const blanks = await originals.blanksOf(source)
    if (!blanks) throw notForOthers()
    return blanks
  }

  return {
    /** The original, for whoever may see it. */
    async original(asker: Asker, vid: string) {
      const video = await see(asker, vid)
      if (video.source_blob === null || video.source_size === null) throw notThere()
      const source = { blob: video.source_blob, size: video.source_size }
      const type = /^(?:video|audio)\/[\w.+-]+$/.test(video.source_type ?? '') ? (video.source_type ?? '') : 'application/octet-stream'
      return {
        size: source.size,
        type,
        tag: `"${video.source_sha256 ?? video.generation}"`,
        /** Found out when bytes are wanted: whoever has them already need not wait. */
        open: async () => {
          const blanks = await blanksFor(asker.viewer, video, source)
          const elsewhere = blanks.length === 0 ? await delivery.placeOf(source.blob, type) : undefined
          const read = (range: { start: number; end: number }, signal: AbortSignal) =>
            cleaned(blobs.read(source.blob, { range, signal }), range.start, blanks)
          return { elsewhere, read }
        },
      }
    },

    /** A response holds its seat until what this answers is called. */
    sitForResponse: (asker: Asker, videoId: string, { name, end }: { name: string; end: () => void }) => sit(asker, { name, videoId, end }),
    /** Where the front sends the bytes nobody here sees them end. */
    sitForPlayback: play,

    demandSeen: async (asker: Asker, vid: string): Promise<void> => void (await see(asker, vid)),

    listSeats: (viewer: Viewer) =>
      seats.list(personOf(viewer) ?? '').map(({ sinceMs, ...seat }) => ({ ...seat, since: new Date(sinceMs).toISOString() })),

    endSeat(viewer: Viewer, id: string): void {
      if (!seats.end(personOf(viewer) ?? '', id)) throw noSeat()
    },

    async report(asker: Asker, vid: string, report: StreamReportBody): Promise<void> {
      await see(asker, vid)
      await parts.reports.add(vid, report, clock.now())
    },

    figures: async (days: number): Promise<StreamFigures> => ({
      seats: seats.figures(),
      days: await parts.reports.days(days, clock.now()),
    }),

    async master(asker: Asker, vid: string, signal: AbortSignal): Promise<string> {
      const video = await see(asker, vid)
      const rows = await rowsOf(video, signal)
      play(asker, vid)
      return masterOf(rows)
    },

    /** At once, also before the film is planned: the index of the file says all. */
    async asItIs(asker: Asker, vid: string, signal: AbortSignal): Promise<string> {
      const video = await see(asker, vid)
      const original = await packagedOf(video, video.generation)
      const isAlone = original !== undefined && !original.hasOtherSounds && original.sounds.every(({ isUniversal }) => isUniversal)
      const rows = original && !isAlone ? await rowsOf(video, signal) : undefined
      const text =
        original &&
        originalOf({
          plan: rows?.plan,
          codecs: new Map(),
          generation: video.generation,
          original,
          subtitles: rows?.subtitles ?? (await subtitlesFor(video)),
        })
      if (text === undefined) throw notThere()
      play(asker, vid)
      return text
    },

    async playlist(asker: Asker, vid: string, { generation, file, signal }: { generation: number; file: string; signal: AbortSignal }) {
      const video = await see(asker, vid)
      const row = file.replace(/[.]m3u8$/, '')
      const original = isOriginalRow(row) ? await packagedOf(video, generation) : undefined
      const text = isOriginalRow(row)
        ? original && originalMediaOf(original, row)
        : mediaOf((await filmOf(vid, generation, { signal })).plan, row)
      if (text === undefined) throw notThere()
      play(asker, vid)
      return text
    },

    /** An init section, a cell (made now if it must be), or a part of the original. */
    async piece(asker: Asker, vid: string, piece: Piece): Promise<{ delivered: Delivered; isLasting: boolean }> {
      const video = await videos.seeOften(asker.viewer, vid, asker.cookie)
      const isLasting = video.visibility === 'public'
      if (isOriginalRow(piece.row)) {
        // Another source may have come a moment ago.
        const original = (await packagedOf(video, piece.generation)) ?? (await packagedOf(await see(asker, vid), piece.generation))
        if (!original) throw notThere()
        play(asker, vid)
        const { row, file } = piece
        const bytes = file === 'init.mp4' ? original.init(row) : await original.segment(row, Number(file.replace('.m4s', '')))
        if (!bytes) throw notThere()
        return { delivered: { bytes }, isLasting }
      }
      const ready = await cellFor(asker, vid, piece)
      const delivered = await delivery.deliver(ready).catch(async (error: unknown) => {
        if (!(error instanceof Problem) || error.kind !== 'not_found') throw error
        // It was there a moment ago: it is being mended, and is waited for as any other.
        found.forget(ready.name)
        return await delivery.deliver(await cellFor(asker, vid, piece))
      })
      return { delivered, isLasting: isLasting && !ready.isStandIn }
    },
  }

  async function cellFor(asker: Asker, vid: string, piece: Piece) {
    const { generation, row, file } = piece
    const film = await filmOf(vid, generation, piece)
    const cells = film.rows.find(({ name }) => name === row)?.cells ?? 0
    const cell = file === 'init.mp4' ? undefined : Number(file.replace('.m4s', ''))
    if (cells === 0 || (cell !== undefined && cell >= cells)) throw notThere()
    play(asker, vid)
    const name = `cells/${vid}/${generation}/${row}/${file}`
    if (cell === undefined) return { name, isStandIn: false, version: 0 }
    const key = { videoId: vid, generation }
    ahead.passes({ ...key, row, cell, cells })
    const known = found.recall(name)
    if (known) return known
    const ready = await transcoding.awaitCell({ ...key, row, cell, patienceMs, signal: piece.signal })
    if (!ready) throw notYet()
    found.keep(ready)
    return ready
  }
}

/** While its first source is on its way, its owner sees what is there of it. */
const generationOf = ({ state, generation }: Seen) => (state === 'uploading' ? generation + 1 : generation)

type Blanks = Parameters<typeof withBlanks>[2]

async function* cleaned(bytes: AsyncIterable<Uint8Array>, start: number, blanks: Blanks): AsyncGenerator<Uint8Array> {
  let at = start
  for await (const chunk of bytes) {
    yield blanks.length === 0 ? chunk : withBlanks(chunk, at, blanks)
    at += chunk.length
  }
}
