import { id, longText, ms, text } from '../schema/column.ts'
import { createTable } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0005-repeats',
  steps: [
    createTable(
      'repeated_call',
      {
        key_hash: text(43).about('SHA-256 of route, caller and the key they chose'),
        fingerprint: text(43).about('SHA-256 of the request: another one under the same key is refused'),
        holder: id().about('who is at it, or was'),
        held_until_ms: ms(),
        ends_ms: ms().about('forgotten afterwards'),
        answer: longText().null().about('the first answer, sealed under the key that the caller chose; null: somebody is at it'),
      },
      {
        primaryKey: ['key_hash'],
        indexes: [['ends_ms']],
        about: 'Answers to calls that may be sent twice, so that the second time nothing happens again.',
      },
    ),
  ],
}
