import type { Database } from '#server/database/database.ts'
import { figureRoutes } from './routes.ts'
import { createFigureService, type FigureParts } from './service.ts'
import { createFigureStore } from './store.ts'

type Parts = Omit<FigureParts, 'store'> & {
  db: Database<'video_figure' | 'film_day' | 'film_source' | 'film_stay' | 'watch' | 'comment_place' | 'danmaku_slot' | 'stream_figure'>
}

/** How films are watched, as their owners see it. What each figure is stands in docs/figures.md. */
export function createFigures({ db, ...parts }: Parts) {
  return { doors: { routes: figureRoutes(createFigureService({ ...parts, store: createFigureStore(db) })) } }
}
