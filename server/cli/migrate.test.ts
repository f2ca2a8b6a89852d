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
