import type { Clock } from '#server/ports/clock.ts'
import { exportRoutes } from './routes.ts'
import { createExportService } from './service.ts'
import { createExportStore } from './store.ts'

type Parts = { db: Parameters<typeof createExportStore>[0]; clock: Clock }

/** What a person gave to the house, to be taken along. */
export function createExport({ db, clock }: Parts) {
  return { doors: { routes: exportRoutes(createExportService({ store: createExportStore(db), clock })) } }
}
