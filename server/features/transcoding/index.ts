import type { Database } from '#server/database/database.ts'
import type { Videos } from '#server/features/videos/index.ts'
import { openSeal } from '#server/media/tool/seal.ts'
import type { Bus } from '#server/ports/bus.ts'
import { createArrivals } from './arrivals.ts'
import { transcodingJobs } from './jobs.ts'
import { sweepScratch } from './scratch.ts'
import { createTranscodingService, type TranscodingParts } from './service.ts'
import { createTranscodingStore } from './store.ts'

type Parts = Omit<TranscodingParts, 'store' | 'videos' | 'openSeal' | 'arrivals'> & {
  db: Database<'video' | 'video_plan' | 'video_row'>
  videos: Pick<Videos, 'grew' | 'onSource' | 'onGone'>
  bus: Pick<Bus, 'publish' | 'subscribe'>
}

export type Transcoding = ReturnType<typeof createTranscoding>

/** The grid: a film is planned once, and its cells are made in the order in which they will be wanted. */
export function createTranscoding({ db, bus, ...parts }: Parts) {
  let seal: ReturnType<typeof openSeal> | undefined
  const arrivals = createArrivals(bus)
  const store = createTranscodingStore(db)
  /** At the first work of this process what others left behind when they were killed is cleared away. */
  const open = () =>
    (seal ??= sweepScratch(parts.clock.now()).then((swept) => {
      if (swept > 0) parts.log.info('transcoding.scratch_swept', { rooms: swept })
      return openSeal()
    }))
  const service = createTranscodingService({ ...parts, store, arrivals, openSeal: open })
  parts.videos.onSource(({ videoId, generation }) => ({
    kind: 'transcoding.plan',
    key: `${videoId}/${generation}`,
    payload: { videoId, generation },
    priority: 1000,
  }))
  parts.videos.onGone((videoId) => store.forget(videoId))
  return {
    ...service,
    doors: { jobs: transcodingJobs(service) },
    [Symbol.asyncDispose]: async () => {
      await arrivals[Symbol.asyncDispose]()
      await (await seal)?.[Symbol.asyncDispose]()
    },
  }
}
