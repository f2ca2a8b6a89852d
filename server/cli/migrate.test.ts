import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrate } from './migrate.ts'
import { UsageError } from './verb.ts'

async function say(...words: string[]): Promise<string> {
  let said = ''
  const signal = new AbortController().signal
  const terminal = { out: (text: string) => void (said += text), err: () => {}, signal, environment: {}, isInteractive: false }
  expect(await migrate.run(words, terminal)).toBe(0)
  return said
}

test('matinee migrate --sql prints the tables of the engine that is named, or else of the one that is configured', async () => {
  const sqlite = await say('--sql', 'sqlite')
  expect(sqlite).toMatch(/create table "?account"?/i)
  expect(await say('--sql')).toBe(sqlite)
  expect(await say('--sql', '--data', '/nowhere/at/all')).toBe(sqlite)
  const mysql = await say('--sql', 'mysql')
  expect(mysql).not.toBe(sqlite)
  expect(await say('--sql', '--set', 'database.url=mysql://somebody:secret@db.example/cinema')).toBe(mysql)
  await expect(say('--sql', 'oracle')).rejects.toThrow(UsageError)
})

test('[T31] what everybody writes lies in a folder and in files that their owner alone reads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-migrate-'))
  try {
    const data = join(folder, 'data')
    expect(await say('--data', data)).toMatch(/^Done: /m)
    expect(await say('--data', data)).toBe('The tables are as they should be.\n')
    expect(statSync(data).mode & 0o777).toBe(0o700)
    const rows = readdirSync(data).filter((name) => !name.endsWith('-migrating'))
    expect(rows).toContain('matinee.db')
    for (const name of rows) expect(statSync(join(data, name)).mode & 0o777, name).toBe(0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
