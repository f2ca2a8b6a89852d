import { int, ms } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0000-ground',
  steps: [
    createTable(
      'replica_beat',
      { id: int().about('always 1'), at_ms: ms().about('when the primary last beat, by its own clock') },
      { primaryKey: ['id'], about: 'One row that the primary keeps moving: how old it is on a replica is how far that replica lags.' },
    ),
  ],
}
