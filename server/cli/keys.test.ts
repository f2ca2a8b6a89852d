import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { expect, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'
import { goodPassword, join } from '#server/testing/visitors.ts'
import { keys } from './keys.ts'
import { UsageError } from './verb.ts'

const patience = { timeout: 400_000 }

test('matinee keys changes the key that seals what lies in the database, and forgets no key that is needed', patience, async () => {
  await using matinee = await startMatinee('embedded')
  const alice = await join(matinee, 'alice')
  expect((await alice.call('POST', '/api/me/second-factor', { password: goodPassword })).status).toBe(201)
  const say = async (...words: string[]) => {
    const said = { out: '', err: '' }
    const terminal = {
      out: (text: string) => void (said.out += text),
      err: (text: string) => void (said.err += text),
      signal: new AbortController().signal,
      environment: {},
      isInteractive: false,
    }
    return { status: await keys.run([...words, '--data', matinee.folder], terminal), ...said }
  }
  const file = joinPath(matinee.folder, 'secrets.json')
  const ids = () => (JSON.parse(readFileSync(file, 'utf8')) as { seal: { id: string }[] }).seal.map(({ id }) => id)
  const [first = ''] = ids()
  expect(await say()).toMatchObject({
    status: 0,
    out: `${file}\n  ${first}  seals and opens\nEverything in the database is sealed by the newest.\n`,
  })
  expect((await say('change')).out).toContain(ids()[0])
  expect(ids()).toEqual([expect.not.stringMatching(first), first])
  expect(await say('forget')).toMatchObject({ status: 1, err: '1 in the database sealed by an old key: first matinee keys reseal.\n' })
  expect(ids()).toHaveLength(2)
  expect((await say('reseal')).out).toBe('1 sealed anew.\n')
  expect((await say('forget')).out).toMatch(/^1 removed\./)
  expect(ids()).toEqual([expect.not.stringMatching(first)])
  await expect(say('turn')).rejects.toThrow(UsageError)
})
