import { id, int, json, longText, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0004-videos',
  steps: [
    createTable(
      'video',
      {
        id: id(),
        owner_id: id().references('account.id', 'cascade'),
        title: text(200),
        description: longText(),
        visibility: text(10),
        password_hash: text(200).null().about('of those with visibility password'),
        publish_ms: ms().null().about('not shown before; null: at once'),
        state: text(12),
        failure_code: text(60).null(),
        failure_log: longText().null().about('what the tools said, for admins'),
        duration_ms: ms().null(),
        width: int().null().about('of the picture as it is shown'),
        height: int().null(),
        source_blob: text(200).null().about('the original'),
        source_size: int().null(),
        source_type: text(100).null(),
        source_sha256: text(64).null().about('names its content'),
        file_name: text(255).null().about('as its owner called it'),
        generation: int().about('grows with each new source, so that addresses of cells never change their content'),
        cells_done: int(),
        cells_planned: int(),
        poster_revision: int().about('grows with each change of the poster; 0: none'),
        thumbhash: text(60).null(),
        language: text(10).null(),
        views: int(),
        created_ms: ms(),
        updated_ms: ms(),
        deleted_ms: ms().null().about('thrown away: gone from everywhere at once, files go later'),
      },
      {
        primaryKey: ['id'],
        indexes: [
          ['owner_id', 'deleted_ms', 'id'],
          ['visibility', 'deleted_ms', 'publish_ms', 'id'],
          ['state', 'id'],
          ['source_sha256'],
          ['deleted_ms'],
        ],
        about: 'Films and clips, from draft to thrown away.',
      },
    ),
    createTable(
      'video_tag',
      {
        video_id: id().references('video.id', 'cascade'),
        tag_key: text(100).about('the tag, folded: what finds it'),
        label: text(100).about('as it was written'),
        place: int(),
      },
      { primaryKey: ['video_id', 'tag_key'], indexes: [['tag_key', 'video_id']], about: 'Tags of videos, in their order.' },
    ),
    createTable(
      'video_plan',
      {
        video_id: id().references('video.id', 'cascade'),
        generation: int(),
        probe: json().about('what the source says of itself'),
        plan: json().about('the grid: rows, frames, cells'),
        policy: text(10),
        created_ms: ms(),
      },
      { primaryKey: ['video_id', 'generation'], about: 'How the cells of a film are cut. Written once a source.' },
    ),
    createTable(
      'video_row',
      {
        video_id: id().references('video.id', 'cascade'),
        generation: int(),
        name: text(20),
        kind: text(10),
        cells: int(),
        done: int(),
        init_sha256: text(64),
        facts: json().about('by which cells are checked'),
        quarantined: json().about('cells that can not be made, each with its reason'),
      },
      {
        primaryKey: ['video_id', 'generation', 'name'],
        about: 'Renditions of a film. A cell is done when its blob exists; the count follows.',
      },
    ),
  ],
}
