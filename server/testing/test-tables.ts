import type { Migration } from '#server/database/migrations/migration.ts'
import { bytes, flag, id, int, json, longText, ms, real, text } from '#server/database/schema/column.ts'
import { createTable } from '#server/database/schema/step.ts'

/** Tables that know nothing of Matinee: for the database's own tests. */
export type TestTables = {
  film: {
    id: string
    title: string
    views: number
    rating: number | null
    is_open: number
    extra: string | null
    about: string | null
    poster: Uint8Array | null
    made_ms: number
  }
  seat: { film_id: string; number: number; holder: string | null }
  note: { id: string; film_id: string; body: string }
}

export const testMigrations: readonly Migration[] = [
  {
    name: '0001-test',
    steps: [
      createTable(
        'film',
        {
          id: id(),
          title: text(200),
          views: int().default(0),
          rating: real().null(),
          is_open: flag().default(1),
          extra: json().null(),
          about: longText().null(),
          poster: bytes().null(),
          made_ms: ms().default(0),
        },
        { primaryKey: ['id'], unique: [['title']], indexes: [['made_ms', 'id']] },
      ),
      createTable(
        'seat',
        { film_id: id(), number: int(), holder: text(40).null() },
        { primaryKey: ['film_id', 'number'], unique: [['film_id', 'holder']], clustered: true },
      ),
      createTable(
        'note',
        { id: id(), film_id: id().references('film.id', 'cascade'), body: text(2000) },
        { primaryKey: ['id'], indexes: [['film_id']] },
      ),
    ],
  },
]
