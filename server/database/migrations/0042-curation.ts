import { id, ms } from '../schema/column.ts'
import { addIndex, createTable, dropIndex } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0042-curation',
  steps: [
    addIndex('video', 'deleted_ms', 'id'),
    dropIndex('video', 'deleted_ms'),
    createTable(
      'video_alias',
      { id: id().about('a film that is no more'), video_id: id().references('video.id', 'cascade'), made_ms: ms() },
      { primaryKey: ['id'], indexes: [['video_id']], about: 'Where the address of a film leads that became one with another.' },
    ),
  ],
}
