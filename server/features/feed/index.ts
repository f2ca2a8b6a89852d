import { feedRoutes } from './routes.ts'
import { createFeedService, type FeedParts } from './service.ts'

/** Where one finds a film without knowing its name. */
export function createFeed(parts: FeedParts) {
  return { doors: { routes: feedRoutes(createFeedService(parts)) } }
}
