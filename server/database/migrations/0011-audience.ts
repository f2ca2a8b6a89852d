import { flag, id, int, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0011-audience',
  steps: [
    createTable(
      'video_figure',
      {
        video_id: id().references('video.id', 'cascade'),
        views: int(),
        own_views: int().about('of its owner, who is not counted with the others'),
        likes: int(),
        favourites: int(),
        hot: int().about('logarithm of the decayed sum of what people did with it, so that the order never changes by waiting'),
        counted_ms: ms(),
      },
      {
        primaryKey: ['video_id'],
        indexes: [
          ['hot', 'video_id'],
          ['views', 'video_id'],
          ['counted_ms', 'video_id'],
        ],
        clustered: true,
        about: 'What is counted of a video. Apart, because it changes with each view.',
      },
    ),
    createTable(
      'video_mark',
      {
        account_id: id().references('account.id', 'cascade'),
        kind: text(10).about('like or favourite'),
        video_id: id().references('video.id', 'cascade'),
        created_ms: ms(),
      },
      {
        primaryKey: ['account_id', 'kind', 'video_id'],
        indexes: [['account_id', 'kind', 'created_ms', 'video_id'], ['video_id']],
        clustered: true,
        about: 'Who likes a video, and who keeps it among their favourites.',
      },
    ),
    createTable(
      'contribution',
      {
        video_id: id().references('video.id', 'cascade'),
        who: text(44).about('an account, or the hash of a stranger that means nothing the next day'),
        day: int(),
        weight: int().about('thousandths, already added to the hot score'),
        is_view: flag(),
      },
      {
        primaryKey: ['video_id', 'who', 'day'],
        indexes: [['day']],
        clustered: true,
        about: 'One person counts once a video and day. Swept after two days.',
      },
    ),
    createTable(
      'watch',
      {
        account_id: id().references('account.id', 'cascade'),
        video_id: id().references('video.id', 'cascade'),
        at_ms: ms().about('where it stopped'),
        duration_ms: ms().null(),
        is_finished: flag(),
        seen_ms: ms(),
      },
      {
        primaryKey: ['account_id', 'video_id'],
        indexes: [['account_id', 'seen_ms', 'video_id'], ['account_id', 'is_finished', 'seen_ms', 'video_id'], ['video_id']],
        clustered: true,
        about: 'What a person watched, and how far.',
      },
    ),
    createTable(
      'history_pause',
      { account_id: id().references('account.id', 'cascade'), since_ms: ms() },
      { primaryKey: ['account_id'], about: 'Whose history is not written.' },
    ),
    createTable(
      'follow',
      {
        follower_id: id().references('account.id', 'cascade'),
        followed_id: id().references('account.id', 'cascade'),
        created_ms: ms(),
      },
      {
        primaryKey: ['follower_id', 'followed_id'],
        indexes: [
          ['follower_id', 'created_ms', 'followed_id'],
          ['followed_id', 'follower_id'],
        ],
        clustered: true,
        about: 'Who wants to hear of whose films.',
      },
    ),
    createTable(
      'block',
      {
        blocker_id: id().references('account.id', 'cascade'),
        blocked_id: id().references('account.id', 'cascade'),
        created_ms: ms(),
      },
      {
        primaryKey: ['blocker_id', 'blocked_id'],
        indexes: [['blocked_id', 'blocker_id']],
        clustered: true,
        about: 'Who wants to hear nothing of whom.',
      },
    ),
  ],
}
