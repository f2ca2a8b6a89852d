import type { Database } from '#server/database/database.ts'
import type { Videos } from '#server/features/videos/index.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Log } from '#server/ports/log.ts'
import { type BesidesParts, createBesides } from './besides.ts'
import { besidesRoutes } from './besides-routes.ts'
import { streamRoutes } from './routes.ts'
import type { SeatLimits } from './seats.ts'
import { createSharedSeats } from './shared-seats.ts'
import { createStreamingService, type StreamingParts } from './service.ts'
import { type SigningParts, signedRoutes } from './signed-routes.ts'
import { createReportStore } from './store.ts'
import { createStreamPasses } from './stream-passes.ts'
import { viewerRoutes } from './viewer-routes.ts'

type Parts = Omit<StreamingParts, 'seats' | 'reports' | 'videos'> &
  BesidesParts & {
    db: Database<'stream_figure'>
    videos: Pick<Videos, 'seeUnlocked' | 'seeOften' | 'onGone'>
    limits: () => SeatLimits
    bus: Pick<Bus, 'publish' | 'subscribe'>
    log: Pick<Log, 'warn'>
    signKey: Uint8Array
    recall: SigningParts['recall']
  }

/** What players ask for: originals by ranges, playlists, cells, pictures, texts; with a session, or by signed addresses. */
export function createStreaming({ db, limits, bus, log, signKey, recall, ...parts }: Parts) {
  const reports = createReportStore(db)
  parts.videos.onGone((videoId) => reports.forget(videoId))
  const seats = createSharedSeats({ limits, bus, log, clock: parts.clock })
  const service = createStreamingService({ ...parts, reports, seats })
  const media = [...streamRoutes(service), ...besidesRoutes(createBesides(parts))]
  const passes = createStreamPasses(signKey)
  const signed = signedRoutes(media, { service, passes, recall, nowMs: () => parts.clock.now() })
  return { doors: { routes: [...media, ...viewerRoutes(service), ...signed] }, [Symbol.asyncDispose]: seats.close }
}
