import { createHome, type HomeParts } from './home.ts'
import { createLists, type ListParts } from './lists.ts'

export type FeedParts = HomeParts & ListParts
export type FeedService = ReturnType<typeof createFeedService>

export const createFeedService = (parts: FeedParts) => ({ ...createHome(parts), ...createLists(parts) })
