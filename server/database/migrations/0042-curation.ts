import { id, ms } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0042-curation',
  steps: [
    createTable(
      'video_alias',
      { id: id().about('a film that is no more'), video_id: id().references('video.id', 'cascade'), made_ms: ms() },
      { primaryKey: ['id'], indexes: [['video_id']], about: 'Where the address of a film leads that became one with another.' },
    ),
  ],
}
