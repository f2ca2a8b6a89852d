import { id, int, json, ms, text } from '../schema/column.ts'
import { addColumn, createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0041-figures',
  steps: [
    addColumn('contribution', 'seen', text(25).default('').about('which hundredths of the film, as hexadecimal digits')),
    addColumn('contribution', 'watched_ms', ms().default(0)),
    createTable(
      'film_day',
      { video_id: id().references('video.id', 'cascade'), day: int(), views: int(), watched_ms: ms() },
      { primaryKey: ['video_id', 'day'], clustered: true, about: 'How a film was watched on a day: sums, nobody in them.' },
    ),
    createTable(
      'film_source',
      { video_id: id().references('video.id', 'cascade'), day: int(), source: text(10), views: int() },
      { primaryKey: ['video_id', 'day', 'source'], clustered: true, about: 'From where people came to a film on a day.' },
    ),
    createTable(
      'film_stay',
      {
        video_id: id().references('video.id', 'cascade'),
        begun: int(),
        counts: json().about('for each hundredth, how many watched there'),
      },
      { primaryKey: ['video_id'], about: 'Where people are in a film, and where they leave.' },
    ),
  ],
}
