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
  /** The names of who stands before and behind the camera. */
  people: readonly string[]
  visibility: 'public' | 'members' | 'unlisted' | 'private' | 'password'
  state: 'draft' | 'uploading' | 'processing' | 'playable' | 'ready' | 'failed'
  publishedMs: number | null
  durationMs: number | null
  views: number
  isFeatured: boolean
  isHidden: boolean
  sha256: string | null
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
  people: readonly string[]
  /** Who finds it once its hour has come. Those who look after all films find what nobody else does. */
  audience: 'public' | 'members' | 'nobody'
  visibility: FilmRow['visibility']
  state: FilmRow['state']
  publishedMs: number
  durationMs: number | null
  views: number
  isFeatured: boolean
  isHidden: boolean
  /** The same for films from the same file; 0: there is none. */
  source: number
}

const hexDigits = 12

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
    people: row.people.map(fold),
    audience: audienceOf(row),
    visibility: row.visibility,
    state: row.state,
    publishedMs: row.publishedMs ?? 0,
    durationMs: row.durationMs,
    views: row.views,
    isFeatured: row.isFeatured,
    isHidden: row.isHidden,
    source: row.sha256 === null ? 0 : Number.parseInt(row.sha256.slice(0, hexDigits), 16),
  }
}

function audienceOf({ visibility, state, publishedMs }: FilmRow): Film['audience'] {
  if (publishedMs === null || (state !== 'playable' && state !== 'ready')) return 'nobody'
  return visibility === 'public' || visibility === 'members' ? visibility : 'nobody'
}
