import { flag, id, int, json, longText, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0002-tasks',
  steps: [
    createTable(
      'outbox',
      {
        id: id(),
        kind: text(64),
        task_key: text(200).null(),
        payload: json(),
        priority: int(),
        not_before_ms: ms().null(),
        max_attempts: int().null(),
        task_id: id().null().about('the task that settles it, once it has been handed over; several rows may share one'),
        ring_ms: ms().about('when it is handed over, again if need be'),
        owed_ms: ms(),
      },
      {
        primaryKey: ['id'],
        indexes: [['ring_ms'], ['task_id']],
        about: 'Tasks that a transaction owes. A row goes when its task is done or cancelled.',
      },
    ),
    createTable(
      'task',
      {
        id: id(),
        kind: text(64),
        task_key: text(200).null(),
        live_key: text(200).null().about('the key, until the task is done or cancelled'),
        payload: json(),
        priority: int(),
        rank: int().about(
          'the smaller goes first: age and priority while waiting, the moment when it is due while delayed, its end when ended; in microseconds',
        ),
        state: text(9),
        attempt: int(),
        max_attempts: int(),
        born: int().about('microseconds since the epoch, different for each task of a process'),
        not_before_ms: ms(),
        started_ms: ms().null(),
        ended_ms: ms().null(),
        fence: int(),
        holder: text(200).null(),
        lease_length: int().null().about('milliseconds'),
        lease_until_ms: ms().null(),
        progress: json().null(),
        reason: longText().null(),
      },
      {
        primaryKey: ['id'],
        unique: [['kind', 'live_key']],
        indexes: [['kind', 'state', 'rank']],
        clustered: true,
        about: 'The queue, where no Redis carries it.',
      },
    ),
    createTable(
      'task_setting',
      { kind: text(64), paused: flag().default(0), concurrency: int().null().about('at once over all processes') },
      { primaryKey: ['kind'], about: 'What admins and the kinds themselves say about kinds of tasks.' },
    ),
    createTable(
      'task_fence',
      { id: int().about('always 1'), fence: int() },
      { primaryKey: ['id'], about: 'The last fencing number of all.' },
    ),
    createTable(
      'chore',
      { name: text(64), pattern: text(200).about('cron and time zone'), since_ms: ms().about('slots before it are nobody’s') },
      { primaryKey: ['name'], about: 'Recurring chores that have been seen, and since when with this pattern.' },
    ),
    createTable(
      'chore_run',
      {
        chore: text(64),
        slot_ms: ms().about('the moment of the calendar, or of the wish of whoever ran it by hand'),
        by_hand: flag(),
        task_id: id(),
        owed_ms: ms(),
        started_ms: ms().null(),
        ended_ms: ms().null(),
        result: text(16).null(),
        reason: longText().null(),
      },
      {
        primaryKey: ['chore', 'slot_ms'],
        indexes: [['task_id']],
        about: 'One row a slot, however many processes: whoever writes it owes the task.',
      },
    ),
  ],
}
