import type { Database } from '#server/database/database.ts'
import type { Videos } from '#server/features/videos/index.ts'
import { openSeal } from '#server/media/tool/seal.ts'
import { transcodingJobs } from './jobs.ts'
import { createTranscodingService, type TranscodingParts } from './service.ts'
import { createTranscodingStore } from './store.ts'

type Parts = Omit<TranscodingParts, 'store' | 'videos' | 'openSeal'> & {
  db: Database<'video' | 'video_plan' | 'video_row'>
  videos: Pick<Videos, 'grew' | 'onSource'>
}

export type Transcoding = ReturnType<typeof createTranscoding>

/** The grid: a film is planned once, and its cells are made in the order in which they will be wanted. */
export function createTranscoding({ db, ...parts }: Parts) {
  let seal: ReturnType<typeof openSeal> | undefined
  const open = () => (seal ??= openSeal())
  const service = createTranscodingService({ ...parts, store: createTranscodingStore(db), openSeal: open })
  parts.videos.onSource(({ videoId, generation }) => ({
    kind: 'transcoding.plan',
    key: `${videoId}/${generation}`,
    payload: { videoId, generation },
    priority: 1000,
  }))
  return {
    ...service,
    doors: { jobs: transcodingJobs(service) },
    [Symbol.asyncDispose]: async () => await (await seal)?.[Symbol.asyncDispose](),
  }
}
