import type { HomeAnswer } from '#shared/api/feed.ts'
import type { VideoCard } from '#shared/api/videos.ts'

/** A row as it is sent, made once for all who share it, and each film in it alone, for those who see it otherwise. */
export type WrittenRow = { json: string; head: string; films: WrittenFilm[] }
type WrittenFilm = { id: string; ownerId: string; json: string }

/** What makes somebody's page another one: whom they have blocked, and where they stopped. */
export type Differences = { blocked: readonly string[]; progress: Readonly<Record<string, number>> }

const alike: Differences = { blocked: [], progress: {} }

export function writeRow({ key, title, cards }: { key: string; title: string | undefined; cards: readonly VideoCard[] }): WrittenRow {
  const head = JSON.stringify(title === undefined ? { key } : { key, title }).slice(0, -1)
  const films = cards.map((card) => ({ id: card.id, ownerId: card.owner.id, json: JSON.stringify(card) }))
  return {
    head,
    films,
    json: toJson(
      head,
      films.map(({ json }) => json),
    ),
  }
}

/** The page's answer, from rows as they lie; only what differs is written again. Rows without a film are left out. */
export function joinRows(rows: readonly WrittenRow[], { blocked, progress }: Differences = alike): string {
  const hidden = new Set(blocked)
  const written = rows.flatMap((row) => {
    const differs = row.films.some(({ id, ownerId }) => hidden.has(ownerId) || progress[id] !== undefined)
    const films = differs ? row.films.filter(({ ownerId }) => !hidden.has(ownerId)) : row.films
    if (films.length === 0) return []
    return differs
      ? toJson(
          row.head,
          films.map(({ id, json }) => withProgress(json, progress[id])),
        )
      : row.json
  })
  return `{"rows":[${written.join(',')}]}`
}

const toJson = (head: string, films: readonly string[]) => `${head},"items":[${films.join(',')}]}`

function withProgress(json: string, progressMs: number | undefined): string {
  if (progressMs === undefined) return json
  return JSON.stringify({ ...(JSON.parse(json) as HomeAnswer['rows'][number]['items'][number]), progressMs })
}
