import { flag, id, int, longText, ms } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0006-comments',
  steps: [
    createTable(
      'comment',
      {
        id: id(),
        video_id: id().references('video.id', 'cascade'),
        root_id: id().about('the comment it replies to; its own id where it replies to none'),
        is_reply: flag(),
        author_id: id().references('account.id', 'cascade'),
        text: longText(),
        likes: int(),
        replies: int(),
        created_ms: ms(),
        edited_ms: ms().null(),
        deleted_ms: ms().null().about('a stub: gone, while replies to it stand'),
      },
      {
        primaryKey: ['id'],
        indexes: [
          ['video_id', 'is_reply', 'id'],
          ['video_id', 'is_reply', 'likes', 'id'],
          ['root_id', 'is_reply', 'id'],
          ['author_id', 'id'],
        ],
        about: 'What people say under videos.',
      },
    ),
    createTable(
      'comment_like',
      { comment_id: id().references('comment.id', 'cascade'), account_id: id().references('account.id', 'cascade') },
      { primaryKey: ['comment_id', 'account_id'], indexes: [['account_id', 'comment_id']], about: 'Who likes a comment.' },
    ),
    createTable(
      'comment_place',
      { video_id: id().references('video.id', 'cascade'), total: int(), pinned_id: id().null() },
      { primaryKey: ['video_id'], about: 'How many comments a video has, and which its owner put first.' },
    ),
  ],
}
