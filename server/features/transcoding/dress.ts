import type { Videos } from '#server/features/videos/index.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { measureLoudness } from '#server/media/sound/loudness.ts'
import { subtitleCaps } from '#server/media/subtitles/cue.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { OwnPoster } from './own-poster.ts'
import { makePoster, makeStoryboard } from './pictures.ts'
import type { Sources } from './sources.ts'
import { demandPerson } from './demand-person.ts'
import type { FilmKey, Pictures, PlannedFilm, TranscodingStore } from './store.ts'
import type { TextRow, TextStore } from './text-store.ts'
import { readBounded, textBeside, textsInside } from './texts.ts'
import { whileWanted } from './wanted.ts'

type Parts = {
  store: TranscodingStore
  texts: TextStore
  own: Pick<OwnPoster, 'find' | 'drop'>
  videos: Pick<Videos, 'grew' | 'change'>
  blobs: Blobs
  sources: Pick<Sources, 'open'>
  clock: Clock
  log: Log
  newId: () => string
  openSeal: () => Promise<Seal>
}
export type Dress = ReturnType<typeof createDress>
type Work = FilmKey & { signal: AbortSignal }
type Film = { key: FilmKey; film: PlannedFilm; blob: string; signal: AbortSignal }

const mostTexts = 32

/** What makes a film whole besides its cells: poster, seek bar, texts, loudness. None of it holds up playing; each of it may be made twice. */
export function createDress(parts: Parts) {
  const { store, texts, videos, blobs, sources, clock, newId } = parts

  async function changeable(viewer: Viewer, videoId: string) {
    demandPerson(viewer)
    return await videos.change(viewer, videoId)
  }

  async function filmFor({ videoId, generation }: FilmKey) {
    const video = await store.findSource(videoId)
    if (video?.generation !== generation || video.source_blob === null) return undefined
    const film = await store.findFilm({ videoId, generation })
    return film && { film, blob: video.source_blob }
  }

  /** What one part can not do is said, and holds up none of the others. */
  async function attempt(name: string, { key, signal }: Pick<Film, 'key' | 'signal'>, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof Problem) throw error
      parts.log.warn('transcoding.not_dressed', { ...key, part: name, error })
    }
  }

  async function poster(task: Film & { atMs: number | undefined }): Promise<void> {
    const made = await makePoster({ blobs, sources, seal: await parts.openSeal() }, { ...task, stamp: newId() })
    if (!made) return
    const before = await store.changePictures(task.key, (pictures) => ({ ...pictures, poster: made.poster }))
    await videos.grew({ ...task.key, facts: { thumbhash: made.thumbhash, hasNewPoster: true } })
    if (before?.poster) await removePictures(task.key, before.poster.stamp)
  }

  async function removePictures({ videoId, generation }: FilmKey, stamp: string): Promise<void> {
    const { items } = await blobs.list(`pictures/${videoId}/${generation}/${stamp}-`)
    await blobs.delete(items.map(({ name }) => name))
  }

  async function whole(task: Film): Promise<void> {
    const { key, film, blob, signal } = task
    const seal = await parts.openSeal()
    await attempt('texts', task, async () => {
      if (film.probe.subtitles.length === 0) return
      await texts.replace(key, await textsInside({ blobs, sources, seal, newId, nowMs: () => clock.now() }, task))
    })
    await attempt('loudness', task, async () => {
      const row = film.plan.audio.find(({ isDefault }) => isDefault)
      if (!row) return
      await using source = await sources.open(film.cutBlob ?? blob, signal)
      await source.whole()
      const loudness = await measureLoudness(seal, { source: source.path, row, isIdle: true }, signal)
      if (loudness) await videos.grew({ ...key, facts: { gainDb: loudness.gainDb } })
    })
    await attempt('storyboard', task, async () => {
      const made = await makeStoryboard({ blobs, sources, seal }, task)
      await store.changePictures(key, (pictures) => ({ ...pictures, ...made }))
    })
    await store.changePictures(key, (pictures) => ({ ...pictures, isDressed: true }))
  }

  async function keep(videoId: string, text: { bytes: Uint8Array; language: string; label: string; id?: string }): Promise<TextRow> {
    const kept = await textBeside({ blobs, newId, nowMs: () => clock.now() }, { videoId, ...text })
    if (kept.state === 'refused') throw new Problem(text.bytes.length > subtitleCaps.bytes ? 'too_large' : 'invalid', kept.code)
    return kept.row
  }

  async function work({ videoId, generation, signal }: Work, act: (task: Film) => Promise<void>): Promise<void> {
    const key = { videoId, generation }
    const found = await filmFor(key)
    if (!found) return
    const isWanted = async () => (await filmFor(key)) !== undefined
    await whileWanted({ clock, signal, isWanted }, (stop) => act({ key, ...found, signal: stop }))
  }

  return {
    async pictures(key: FilmKey): Promise<Pictures> {
      const [pictures, stamp] = await Promise.all([store.findPictures(key), parts.own.find(key.videoId)])
      return stamp === undefined ? pictures : { ...pictures, poster: { stamp, atMs: null, isOwn: true } }
    },
    texts: (key: FilmKey) => texts.list(key),

    /** A new film gets its poster soon; one that its owner has chosen is not replaced by chance. */
    makePoster: ({ atMs, ...task }: Work & { atMs?: number | undefined }) =>
      work(task, async (film) => {
        const isThere = (await store.findPictures(film.key)).poster !== undefined || (await parts.own.find(film.key.videoId)) !== undefined
        if (atMs === undefined && isThere) return
        await poster({ ...film, atMs })
        await parts.own.drop(film.key.videoId)
      }),
    dress: (task: Work) => work(task, whole),

    /** The frame at this moment stands for the film from now on. */
    async choosePoster(viewer: Viewer, videoId: string, atMs: number): Promise<void> {
      const { generation, duration_ms: durationMs, source_blob: blob } = await changeable(viewer, videoId)
      if (durationMs === null || atMs >= durationMs)
        throw new Problem('invalid', 'http.wrong_fields', {
          fields: [{ path: 'atMs', code: 'field.too_large', params: { max: Math.max(0, (durationMs ?? 1) - 1) } }],
        })
      if (blob === null) throw new Problem('conflict', 'media.no_source')
      const key = { videoId, generation }
      await store.owe({ kind: 'transcoding.poster', key: `${videoId}/${generation}`, payload: { ...key, atMs }, priority: 500 })
    },

    async addText(viewer: Viewer, videoId: string, text: { body: AsyncIterable<Uint8Array>; language: string; label: string }) {
      await changeable(viewer, videoId)
      const own = await texts.list({ videoId, generation: 0 })
      if (own.length >= mostTexts) throw new Problem('conflict', 'media.texts_too_many', { params: { max: mostTexts } })
      const bytes = await readBounded(text.body, subtitleCaps.bytes + 1)
      const { language, label } = text
      const row = await keep(videoId, { bytes, language, label })
      await texts.add(row)
      return row
    },

    /** Other words, or only another name for them. What came inside the film stays as it is: then it is one beside. */
    async changeText(
      viewer: Viewer,
      { videoId, id }: { videoId: string; id: string },
      text: { body: AsyncIterable<Uint8Array>; language?: string | undefined; label?: string | undefined },
    ): Promise<{ isNew: boolean; row: TextRow }> {
      await changeable(viewer, videoId)
      const row = await texts.find(videoId, id)
      if (!row) throw new Problem('not_found', 'media.no_text')
      const bytes = await readBounded(text.body, subtitleCaps.bytes + 1)
      const { language = row.language, label = row.label } = text
      if (row.generation === 0 && bytes.length === 0) return { isNew: false, row: await texts.change({ ...row, language, label }) }
      const kept = await keep(videoId, { bytes, language, label, ...(row.generation === 0 ? { id } : {}) })
      if (row.generation !== 0) await texts.add(kept)
      return row.generation === 0 ? { isNew: false, row: await texts.change({ ...row, language, label }) } : { isNew: true, row: kept }
    },

    async removeText(viewer: Viewer, videoId: string, id: string): Promise<void> {
      await changeable(viewer, videoId)
      const row = await texts.find(videoId, id)
      if (!row) throw new Problem('not_found', 'media.no_text')
      await texts.remove(videoId, id)
      await blobs.delete([row.blob, row.original].filter((name) => name !== null))
    },
  }
}
