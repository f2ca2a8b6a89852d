import { id, int, json, longText, ms, text } from '../schema/column.ts'
import { addColumn, createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0035-grid',
  steps: [
    addColumn('video', 'gain_cb', int().null().about('hundredths of a decibel that a player adds; null: not measured')),
    addColumn('video', 'chapters', json().null()),
    addColumn('video', 'seconds_left', int().null().about('until all that the policy wants is made, by the speed so far')),
    addColumn('video_plan', 'cut_blob', text(200).null().about('the same streams in a better order; null: the source itself is cut')),
    addColumn('video_plan', 'pictures', json().null().about('the poster and the pictures of the seek bar')),
    addColumn('video_plan', 'original', json().null().about('how the source is packaged as it is, where browsers play it')),
    createTable(
      'video_text',
      {
        id: id(),
        video_id: id(),
        generation: int().about('0: brought beside the film, and stays when its source is replaced'),
        place: int(),
        language: text(35),
        label: text(200),
        kind: text(12).about('subtitles, or why it is none: picture'),
        is_forced: int(),
        blob: text(200).null().about('WebVTT; null: it could not be made'),
        original: text(200).null().about('the file as it came'),
        created_ms: ms(),
      },
      { primaryKey: ['id'], indexes: [['video_id', 'generation', 'place']], about: 'Subtitles of films.' },
    ),
    createTable(
      'video_poster',
      { video_id: id(), stamp: text(40).about('its pictures are named by it'), created_ms: ms() },
      { primaryKey: ['video_id'], about: 'Pictures that owners brought for their films: they stay when a source is replaced.' },
    ),
    createTable(
      'video_growing',
      {
        video_id: id(),
        generation: int().about('the one that it will have'),
        blob: text(200).about('the name that it will have'),
        path: longText().about('where its bytes lie, on one of the machines'),
        size: int(),
        held: longText().about('which of them, as upload_task has it'),
        touched_ms: ms(),
      },
      {
        primaryKey: ['video_id'],
        indexes: [['blob']],
        about: 'Sources that are still on their way, for films that can be watched meanwhile.',
      },
    ),
    createTable(
      'stream_figure',
      {
        day: text(10),
        video_id: id(),
        plays: int(),
        start_ms: ms().about('all starts together'),
        stalls: int(),
        stalled_ms: ms(),
        watched_ms: ms(),
        errors: int(),
        bits: int().about('kilobits per second, times seconds watched'),
      },
      {
        primaryKey: ['day', 'video_id'],
        indexes: [['video_id']],
        about: 'How films were seen, by what players report: sums, nobody in them.',
      },
    ),
  ],
}
