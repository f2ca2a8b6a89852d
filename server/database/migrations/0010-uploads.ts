import { int, json, longText, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0010-uploads',
  steps: [
    createTable(
      'upload_task',
      {
        id: int().about('drawn by chance: it goes to clients as a JSON number'),
        server: text(64).about('the business server, as the configuration names it'),
        user_id: text(255),
        root: text(1024).about('below which the file lies, and its bytes until it is whole'),
        folder: text(2048).about('where the finished file goes'),
        file_name: text(255),
        size: int(),
        md5: text(32).null().about('promised for the whole; null: not told'),
        parameter: json().null().about('handed back in the callback, never read'),
        same_key: text(64).about('by which a second opening finds the first'),
        state: text(10),
        held: longText().about('ranges of bytes that are synced'),
        sha256: text(64).null(),
        known_path: text(2304).null().about('the same file, stored before: it is copied and verified like any other'),
        why: text(500).null(),
        kind: text(5).about('whole, or a part: bytes that another task will be made of'),
        leaving: json().null().about('of a file for a distant store: the parts that are there already'),
        parts: json().null().about('the tasks of whose bytes this one is made'),
        tus: json().null().about('what clients of tus are to be told again'),
        version: int().about('grows with each change'),
        callback_code: text(4).null(),
        callback_text: text(500).null(),
        callback_due_ms: ms().null().about('null: nothing is owed'),
        callback_since_ms: ms().null(),
        callback_tries: int(),
        created_ms: ms(),
        touched_ms: ms(),
      },
      {
        primaryKey: ['id'],
        indexes: [['same_key'], ['state', 'touched_ms'], ['callback_due_ms'], ['server', 'md5'], ['sha256']],
        about: 'Uploads: what is held of each, and the callback that is owed for it.',
      },
    ),
  ],
}
