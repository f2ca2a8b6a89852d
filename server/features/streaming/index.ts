import type { Database } from '#server/database/database.ts'
import type { Videos } from '#server/features/videos/index.ts'
import { type BesidesParts, createBesides } from './besides.ts'
import { besidesRoutes } from './besides-routes.ts'
import { streamRoutes } from './routes.ts'
import { type SeatLimits, Seats } from './seats.ts'
import { createStreamingService, type StreamingParts } from './service.ts'
import { type SigningParts, signedRoutes } from './signed-routes.ts'
import { createReportStore } from './store.ts'
import { createStreamPasses } from './stream-passes.ts'
import { viewerRoutes } from './viewer-routes.ts'

type Parts = Omit<StreamingParts, 'seats' | 'reports' | 'videos'> &
  BesidesParts & {
    db: Database<'stream_figure'>
    videos: Pick<Videos, 'seeUnlocked' | 'onGone'>
    limits: () => SeatLimits
    signKey: Uint8Array
    recall: SigningParts['recall']
  }

/** What players ask for: originals by ranges, playlists, cells, pictures, texts; with a session, or by signed addresses. */
export function createStreaming({ db, limits, signKey, recall, ...parts }: Parts) {
  const reports = createReportStore(db)
  parts.videos.onGone((videoId) => reports.forget(videoId))
  const service = createStreamingService({ ...parts, reports, seats: new Seats(limits) })
  const media = [...streamRoutes(service), ...besidesRoutes(createBesides(parts))]
  const passes = createStreamPasses(signKey)
  const signed = signedRoutes(media, { service, passes, recall, nowMs: () => parts.clock.now() })
  return { doors: { routes: [...media, ...viewerRoutes(service), ...signed] } }
}
