import { flag, id, int, longText, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0040-playlists',
  steps: [
    createTable(
      'playlist',
      {
        id: id(),
        owner_id: id().references('account.id', 'cascade'),
        kind: text(10).about('list, series or later'),
        slot: text(20).about('its id, or `later`: one list of that kind a person'),
        title: text(200),
        description: longText(),
        visibility: text(10),
        updated_ms: ms(),
        created_ms: ms(),
      },
      {
        primaryKey: ['id'],
        unique: [['owner_id', 'slot']],
        indexes: [['owner_id', 'updated_ms', 'id']],
        about: 'Films in an order: playlists, series, and what one wants to watch later.',
      },
    ),
    createTable(
      'playlist_item',
      {
        playlist_id: id().references('playlist.id', 'cascade'),
        video_id: id().references('video.id', 'cascade'),
        is_series: flag(),
        place: int().about('with gaps, so that a film moves without the others'),
        season: int().null(),
        part: int().null(),
      },
      {
        primaryKey: ['playlist_id', 'video_id'],
        indexes: [
          ['playlist_id', 'place', 'video_id'],
          ['video_id', 'is_series', 'playlist_id'],
        ],
        about: 'Which films a list holds, and where.',
      },
    ),
  ],
}
