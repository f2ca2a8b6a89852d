import { flag, id, int, json, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0037-notices',
  steps: [
    createTable(
      'notice',
      {
        id: id(),
        account_id: id().references('account.id', 'cascade'),
        kind: text(20),
        group_key: text(60).about('what is alike is one notice until it is read'),
        by_ids: json().about('who did it, the last one first; fifty at most'),
        video_id: id().null(),
        comment_id: id().null(),
        text: text(500),
        count: int(),
        origins: json().about('of what it tells, so that what is told twice counts once'),
        is_read: flag(),
        mailed_ms: ms().null(),
        created_ms: ms(),
      },
      {
        primaryKey: ['id'],
        indexes: [
          ['account_id', 'id'],
          ['account_id', 'is_read', 'id'],
          ['account_id', 'group_key', 'id'],
          ['created_ms', 'id'],
        ],
        about: 'What reached a person. Not what was said: that is read where it stands.',
      },
    ),
    createTable(
      'notice_choice',
      { account_id: id().references('account.id', 'cascade'), kind: text(20), in_app: flag(), by_mail: flag() },
      { primaryKey: ['account_id', 'kind'], about: 'What a person wants to hear of, where they have said so.' },
    ),
  ],
}
