import { createEmbedding, type EmbeddingParts } from './embedding.ts'
import { createFeeds, type FeedsParts } from './feeds.ts'

export type SharingParts = FeedsParts & EmbeddingParts
export type SharingService = ReturnType<typeof createSharingService>

export const createSharingService = (parts: SharingParts) => ({ ...createFeeds(parts), ...createEmbedding(parts) })
