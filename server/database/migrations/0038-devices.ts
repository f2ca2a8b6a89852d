import { json } from '../schema/column.ts'
import { addColumn } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0038-devices',
  steps: [
    addColumn('account', 'devices', json().null().about('from which somebody has come in, the last one first; null: it is not known')),
  ],
}
