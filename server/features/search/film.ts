import type { Chinese } from '#server/lib/chinese.ts'
import { foldForSearch } from './fold.ts'

/** A film as its row and what goes with it say it. */
export type FilmRow = {
  id: string
  title: string
  description: string
  ownerId: string
  owner: string
  tags: readonly { key: string; label: string }[]
  visibility: 'public' | 'members'
  publishedMs: number
  durationMs: number | null
  views: number
}

/** The same, folded once, as it is looked through. */
export type Film = {
  id: string
  title: string
  description: string
  owner: string
  ownerId: string
  tags: readonly string[]
  tagKeys: readonly string[]
  isPublic: boolean
  publishedMs: number
  durationMs: number | null
  views: number
}

export function toFilm(row: FilmRow, chinese: Chinese): Film {
  const fold = (text: string) => foldForSearch(text, chinese)
  return {
    id: row.id,
    title: fold(row.title),
    description: fold(row.description),
    owner: fold(row.owner),
    ownerId: row.ownerId,
    tags: row.tags.map(({ label }) => fold(label)),
    tagKeys: row.tags.map(({ key }) => key),
    isPublic: row.visibility === 'public',
    publishedMs: row.publishedMs,
    durationMs: row.durationMs,
    views: row.views,
  }
}
