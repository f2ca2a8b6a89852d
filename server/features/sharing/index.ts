import { sharingRoutes } from './routes.ts'
import { createSharingService, type SharingParts } from './service.ts'

/** How films are known outside of the house: feeds, maps for search engines, and frames on other sites. */
export function createSharing(parts: SharingParts) {
  const service = createSharingService(parts)
  return { framedBy: service.framedBy, doors: { routes: sharingRoutes(service) } }
}

export type Sharing = ReturnType<typeof createSharing>
