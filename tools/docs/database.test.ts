import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { databasePage } from './database.ts'

test('docs/database.md says what the migrations make (node tools/docs/database.ts writes it)', () => {
  expect(readFileSync(new URL('../../docs/database.md', import.meta.url), 'utf8')).toBe(databasePage())
})
