import type { Database } from '#server/database/database.ts'
import type { Videos } from '#server/features/videos/index.ts'
import { openSeal } from '#server/media/tool/seal.ts'
import type { Bus } from '#server/ports/bus.ts'
import { createAgain } from './again.ts'
import { createArrivals } from './arrivals.ts'
import { createDress } from './dress.ts'
import { transcodingJobs } from './jobs.ts'
import { createDropping } from './drop-originals.ts'
import { createGrowing } from './growing.ts'
import { createGrowingStore } from './growing-store.ts'
import { createMakers } from './makers.ts'
import { createOwnPoster } from './own-poster.ts'
import { createOwnPosterStore } from './own-poster-store.ts'
import { posterName, previewName, sheetName, storyboardOf } from './pictures.ts'
import { transcodingRoutes } from './routes.ts'
import { createSweeping } from './scratch.ts'
import { createTranscodingService, type TranscodingParts } from './service.ts'
import { createSources } from './sources.ts'
import { createTranscodingStore } from './store.ts'
import { createTextStore } from './text-store.ts'

type Parts = Omit<TranscodingParts, 'store' | 'videos' | 'openSeal' | 'arrivals' | 'sources' | 'growing' | 'makers'> & {
  db: Database<'video' | 'video_plan' | 'video_row' | 'video_text' | 'video_poster' | 'video_growing'>
  videos: Pick<
    Videos,
    'grew' | 'onSource' | 'onGone' | 'change' | 'sourceAgain' | 'skipGeneration' | 'onGrowing' | 'onEnded' | 'sourceDropped'
  >
  newId: () => string
  bus: Pick<Bus, 'publish' | 'subscribe'>
  keepsOriginals: () => boolean
  makerPatienceMs: () => number
  ffmpegVersion?: (() => Promise<string>) | undefined
}

export type Transcoding = ReturnType<typeof createTranscoding>

/** The grid: a film is planned once, and its cells are made in the order in which they will be wanted. */
export function createTranscoding({ db, bus, ...parts }: Parts) {
  let seal: ReturnType<typeof openSeal> | undefined
  const arrivals = createArrivals(bus)
  const store = createTranscodingStore(db)
  const sweep = createSweeping(parts)
  const open = async () => {
    await sweep()
    seal ??= openSeal().then((opened) => {
      if (opened.kind === 'limited') parts.log.warn('transcoding.no_sandbox', { remedy: 'matinee doctor' })
      return opened
    })
    return await seal
  }
  const growingStore = createGrowingStore(db.pick<'video_growing'>())
  const growing = createGrowing({ ...parts, store, growing: growingStore })
  const sources = createSources({ ...parts, growing: growingStore })
  const texts = createTextStore(db.pick<'video_text'>())
  const makers = createMakers({ ...parts, store, openSeal: open })
  const service = createTranscodingService({ ...parts, store, sources, growing, arrivals, openSeal: open, makers })
  const posters = createOwnPosterStore(db.pick<'video_poster'>())
  const own = createOwnPoster({ ...parts, posters })
  const dress = createDress({ ...parts, store, sources, texts, own, openSeal: open })
  const again = createAgain({ ...parts, store, makers, serve: service.serve, drop: createDropping({ ...parts, store }) })
  parts.videos.onSource(({ videoId, generation }) => ({
    kind: 'transcoding.plan',
    key: `${videoId}/${generation}`,
    payload: { videoId, generation },
    priority: 1000,
  }))
  parts.videos.onGrowing(growing.hear)
  parts.videos.onEnded(growing.ended)
  parts.videos.onGone(async (videoId) => {
    await texts.forget(videoId)
    await posters.forget(videoId)
    await growing.forget(videoId)
    await store.forget(videoId)
  })
  return {
    ...service,
    /** What there is besides the rows, and under which names. */
    besides: { pictures: dress.pictures, texts: dress.texts, posterName, sheetName, previewName, storyboardOf },
    /** For whoever brings a collection, with the texts beside its films. */
    addText: dress.addText,
    /** The same of a picture. */
    putPoster: own.put,
    /** The same work that its tasks do. */
    besideWork: { grow: service.grow, makePoster: dress.makePoster, dress: dress.dress, mend: again.mend, sweep: again.sweep },
    doors: { jobs: transcodingJobs(service, dress, again), routes: transcodingRoutes(dress, own, again) },
    [Symbol.asyncDispose]: async () => {
      growing.close()
      await arrivals[Symbol.asyncDispose]()
      await sources[Symbol.asyncDispose]()
      await (await seal)?.[Symbol.asyncDispose]()
    },
  }
}
