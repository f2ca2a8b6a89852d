import { streamRoutes } from './routes.ts'
import { type SeatLimits, Seats } from './seats.ts'
import { createStreamingService, type StreamingParts } from './service.ts'

/** What players ask for: originals by ranges, playlists, cells. */
export function createStreaming({ limits, ...parts }: Omit<StreamingParts, 'seats'> & { limits: () => SeatLimits }) {
  return { doors: { routes: streamRoutes(createStreamingService({ ...parts, seats: new Seats(limits) })) } }
}
