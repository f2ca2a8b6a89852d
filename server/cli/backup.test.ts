import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { openStore } from '#server/compose/backup/blobs.ts'
import type { Config } from '#server/config/keys.ts'
import { loadConfig } from '#server/config/load.ts'
import { settingsForHouse } from '#server/testing/distributed-ground.ts'
import { type Ground, grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, goodPassword, joinAsOwner, join as signUp } from '#server/testing/visitors.ts'

const program = join(import.meta.dirname, '../../matinee')

type Said = { status: number; out: string; err: string }
type House = { folder: string; config: Config; start(): Promise<TestMatinee>; run(...words: string[]): Promise<Said> } & AsyncDisposable

/** A folder and, on distributed ground, a database of its own; its commands run as a person would run them. */
async function openHouse(ground: Ground): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-backup-'))
  const set = ground === 'distributed' ? await settingsForHouse() : {}
  const config = loadConfig({ file: undefined, environment: {}, flags: new Map(Object.entries({ dataDir: folder, ...set })) })
  const flags = ['--data', folder, ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`])]
  return {
    folder,
    config,
    start: () => startMatinee(ground, { folder, set }),
    run: (...words) =>
      new Promise((resolve) => {
        execFile(program, [...words, ...flags], (error, out, err) => resolve({ status: error ? Number(error.code) : 0, out, err }))
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

const png = (background: string) =>
  sharp({ create: { width: 300, height: 300, channels: 3, background } })
    .png()
    .toBuffer()

/** An owner and alice, each with a picture. */
async function moveIn(matinee: TestMatinee) {
  const people = [await joinAsOwner(matinee), await signUp(matinee, 'alice')] as const
  for (const [at, person] of people.entries()) {
    const put = await person.call('PUT', '/api/me/avatar', await png(at ? 'red' : 'blue'), { 'content-type': 'image/png' })
    expect(put.status).toBe(200)
  }
  return people
}

async function profileOf(matinee: TestMatinee, name: string) {
  const { json } = await callAs(matinee)('GET', `/user/${name}`)
  const { displayName, avatar } = json as { displayName: string; avatar: { large: string } }
  const picture = await matinee.inject({ path: avatar.large })
  return { displayName, avatar, picture: picture.status === 200 ? picture.bytes.toString('base64') : picture.status }
}

const logIn = async (matinee: TestMatinee, name: string) =>
  (await callAs(matinee)('POST', `/user/${name}`, { password: goodPassword })).status

const namesIn = async (folder: string) => (await readdir(folder)).filter((name) => /partial|restoring/.test(name))

/** Each command is a start of the program. */
const patience = { timeout: 400_000 }

describe.each(grounds.list)('matinee backup and restore, %s', patience, (ground) => {
  test('[F20] what was copied beside a running house comes back on an empty machine, and what is missing is named', async () => {
    await using house = await openHouse(ground)
    await using other = await openHouse(ground)
    const file = join(house.folder, 'kept.backup')
    let before: Awaited<ReturnType<typeof profileOf>>
    {
      await using matinee = await house.start()
      const [, alice] = await moveIn(matinee)
      before = await profileOf(matinee, 'owner')
      expect(await house.run('backup', file)).toMatchObject({ status: 0, err: '' })
      await signUp(matinee, 'late')
      await using store = await openStore(house.config)
      const { items } = await store.blobs.list(`avatars/${alice.id}/`)
      await store.blobs.delete(items.map(({ name }) => name))
    }
    expect(await other.run('restore', file), 'without the keys').toMatchObject({
      status: 1,
      err: expect.stringContaining('sealed by the keys'),
    })
    expect(await readdir(other.folder)).toEqual([])
    await cp(join(house.folder, 'secrets.json'), join(other.folder, 'secrets.json'))
    if (ground === 'embedded') await cp(join(house.folder, 'blobs'), join(other.folder, 'blobs'), { recursive: true })
    const back = await other.run('restore', file)
    expect(back).toMatchObject({
      status: 1,
      out: expect.stringMatching(/^Back: \d+ rows/),
      err: expect.stringMatching(/^missing: avatars\//),
    })
    expect(back.err).toMatch(/3 files missing, 0 files not as they were/)
    expect(await namesIn(other.folder)).toEqual([])
    await using matinee = await other.start()
    expect([await logIn(matinee, 'owner'), await logIn(matinee, 'alice'), await logIn(matinee, 'late')]).toEqual([200, 200, 401])
    expect(await profileOf(matinee, 'owner')).toEqual(before)
  })

  test('[F20] nothing that is in use is overwritten, and what is replaced is kept', async () => {
    await using house = await openHouse(ground)
    const file = join(house.folder, 'kept.backup')
    {
      await using matinee = await house.start()
      const [, alice] = await moveIn(matinee)
      expect((await house.run('backup', file)).status).toBe(0)
      expect(await house.run('backup', file), 'a second time').toMatchObject({ status: 1, err: expect.stringContaining('exists already') })
      expect((await alice.call('PATCH', '/api/me', { displayName: 'Changed since' })).status).toBe(200)
      const running = await house.run('restore', file, '--replace')
      expect(running).toMatchObject({ status: 1, err: expect.stringContaining('end Matinee first') })
      expect((await profileOf(matinee, 'alice')).displayName).toBe('Changed since')
    }
    expect(await house.run('restore', file)).toMatchObject({ status: 1, out: '', err: expect.stringContaining('--replace') })
    const replaced = await house.run('restore', file, '--replace')
    expect(replaced).toMatchObject({ status: 0, err: '', out: expect.stringContaining('What was there before lies at') })
    if (ground === 'embedded') expect((await stat(join(house.folder, 'matinee.db'))).mode & 0o777, '[T31]').toBe(0o600)
    {
      await using matinee = await house.start()
      expect((await profileOf(matinee, 'alice')).displayName).toBe('alice')
    }
    const aside = /lies at (.+)\.\n/.exec(replaced.out)?.[1] ?? ''
    if (ground === 'embedded') await cp(aside, join(house.folder, 'matinee.db'))
    else expect(await house.run('restore', aside, '--replace')).toMatchObject({ status: 0, err: '' })
    await using matinee = await house.start()
    expect((await profileOf(matinee, 'alice')).displayName).toBe('Changed since')
  })
})

test('[F20] a backup that was damaged, and a film that was, are found without changing anything', patience, async () => {
  await using house = await openHouse('embedded')
  const file = join(house.folder, 'kept.backup')
  {
    await using matinee = await house.start()
    await moveIn(matinee)
  }
  const nowhere = join(house.folder, 'nowhere')
  expect(await house.run('backup', join(nowhere, 'kept.backup'))).toMatchObject({ status: 1, err: `${nowhere} is not there.\n` })
  expect((await house.run('backup', file, '--plain')).out).toContain('not sealed')
  expect(await house.run('restore', file, '--check')).toMatchObject({ status: 0, err: '', out: expect.stringMatching(/^Whole: /) })
  const [someone = ''] = await readdir(join(house.folder, 'blobs/avatars'))
  const [name = ''] = await readdir(join(house.folder, 'blobs/avatars', someone))
  const blob = join(house.folder, 'blobs/avatars', someone, name)
  await writeFile(blob, Buffer.alloc((await stat(blob)).size))
  expect((await house.run('restore', file, '--check', '--quick')).status, 'the size is right').toBe(0)
  const found = await house.run('restore', file, '--check')
  expect(found).toMatchObject({ status: 1, err: expect.stringContaining(`changed: avatars/${someone}/${name}`) })
  await truncate(file, 1000)
  expect(await house.run('restore', file, '--replace')).toMatchObject({ status: 1, err: expect.stringContaining('cannot be used') })
  await using matinee = await house.start()
  expect(await logIn(matinee, 'alice')).toBe(200)
})

test('matinee backup and restore say what is wrong in a sentence', patience, async () => {
  await using house = await openHouse('embedded')
  const file = join(house.folder, 'kept.backup')
  expect(await house.run('backup')).toMatchObject({ status: 2, err: expect.stringContaining('needs one FILE') })
  expect(await house.run('backup', file)).toMatchObject({ status: 1, err: expect.stringContaining('nothing to back up') })
  expect(await house.run('restore', file)).toMatchObject({ status: 1, err: `${file} is not there.\n` })
  expect(await house.run('restore', house.folder)).toMatchObject({ status: 1, err: expect.stringContaining('is a folder') })
  expect(await house.run('restore', file, '--check', '--replace')).toMatchObject({ status: 2 })
  expect((await readdir(house.folder)).filter((name) => name.startsWith('matinee.db') && !name.endsWith('-migrating'))).toEqual([])
})
