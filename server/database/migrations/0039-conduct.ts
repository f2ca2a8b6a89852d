import { flag, id, int, json, longText, ms, text } from '../schema/column.ts'
import { addColumn, addIndex, createTable, dropIndex } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0039-conduct',
  steps: [
    addColumn('comment', 'is_held', flag().default(0).about('seen by its author and the keepers alone')),
    addColumn('comment', 'held_why', text(10).null().about('review, words or hidden')),
    addColumn('comment', 'mentions', json().null().about('from where to where in the text, and whose account')),
    addIndex('comment', 'video_id', 'is_held', 'is_reply', 'id'),
    addIndex('comment', 'video_id', 'is_held', 'is_reply', 'likes', 'id'),
    addIndex('comment', 'root_id', 'is_held', 'is_reply', 'id'),
    addIndex('comment', 'video_id', 'is_held', 'id'),
    addIndex('comment', 'video_id', 'is_held', 'author_id', 'id'),
    addIndex('comment', 'is_held', 'id'),
    dropIndex('comment', 'video_id', 'is_reply', 'id'),
    dropIndex('comment', 'video_id', 'is_reply', 'likes', 'id'),
    dropIndex('comment', 'root_id', 'is_reply', 'id'),
    createTable(
      'mute',
      {
        account_id: id().references('account.id', 'cascade'),
        until_ms: ms().null().about('null: until lifted'),
        why: text(500),
        by_id: id(),
        made_ms: ms(),
      },
      { primaryKey: ['account_id'], about: 'Who says nothing for now, by word of the moderators.' },
    ),
    createTable(
      'blocked_word',
      { word_key: text(100), word: text(60) },
      { primaryKey: ['word_key'], about: 'What makes a comment anywhere wait for review.' },
    ),
    createTable(
      'report_case',
      {
        id: id(),
        thing: text(10).about('video, comment, danmaku or person'),
        thing_id: id(),
        video_id: id().null(),
        author_id: id().null().about('whose it is'),
        state: text(10).about('open, upheld or dismissed'),
        slot: text(20).about('empty while open, then its id: one open case a thing'),
        count: int(),
        decision: text(10).null(),
        why: text(500),
        decided_by: id().null(),
        decided_ms: ms().null(),
        last_ms: ms().about('when it was reported last'),
        created_ms: ms(),
      },
      {
        primaryKey: ['id'],
        unique: [['thing', 'thing_id', 'slot']],
        indexes: [['state', 'last_ms', 'id'], ['state', 'thing', 'last_ms', 'id'], ['author_id', 'state'], ['video_id']],
        about: 'What was reported: all reports of one thing until moderators have decided.',
      },
    ),
    createTable(
      'report',
      {
        case_id: id().references('report_case.id', 'cascade'),
        reporter_id: id().references('account.id', 'cascade'),
        reason: text(20),
        note: longText(),
        created_ms: ms(),
      },
      {
        primaryKey: ['case_id', 'reporter_id'],
        indexes: [
          ['case_id', 'created_ms'],
          ['reporter_id', 'case_id'],
        ],
        about: 'Who reported what, once a person and case.',
      },
    ),
  ],
}
