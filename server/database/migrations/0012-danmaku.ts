import { flag, id, int, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0012-danmaku',
  steps: [
    createTable(
      'danmaku',
      {
        id: id(),
        video_id: id().references('video.id', 'cascade'),
        author_id: id().references('account.id', 'cascade').about('who sent it, or who brought it along'),
        sender: text(16).about('of one sender always the same under one film, and nowhere else'),
        is_import: flag(),
        at_ms: ms().about('of the film'),
        text: text(100),
        mode: text(6),
        size: text(6),
        color: int(),
        likes: int(),
        is_hidden: flag().about('by a moderator: only its author still sees it'),
        created_ms: ms(),
      },
      {
        primaryKey: ['id'],
        indexes: [
          ['video_id', 'at_ms', 'id'],
          ['author_id', 'created_ms', 'id'],
        ],
        about: 'What flies over films.',
      },
    ),
    createTable(
      'danmaku_like',
      { danmaku_id: id().references('danmaku.id', 'cascade'), account_id: id().references('account.id', 'cascade') },
      { primaryKey: ['danmaku_id', 'account_id'], indexes: [['account_id', 'danmaku_id']], clustered: true, about: 'Who likes one.' },
    ),
    createTable(
      'danmaku_slot',
      { video_id: id().references('video.id', 'cascade'), slot: int().about('second of the film'), count: int() },
      { primaryKey: ['video_id', 'slot'], clustered: true, about: 'How many fly in each second: the heat of a film, without counting.' },
    ),
  ],
}
