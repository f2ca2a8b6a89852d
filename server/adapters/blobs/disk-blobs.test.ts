import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readlink, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Blobs } from '#server/ports/blobs.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { startProcess, until } from '#server/testing/parts/part-process.ts'
import { systemClock } from '../clock/system-clock.ts'
import { blobsContract, pieces, readAll } from './blobs.contract.ts'
import { asideFolder } from './disk-aside.ts'
import { openDiskBlobs } from './disk-blobs.ts'

const noReserve = { reserve: { bytes: 0, share: 0 }, ballastBytes: 0 }

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-blobs-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

async function openBlobs(folder: string, log = createCapturedLog()): Promise<Blobs & AsyncDisposable> {
  const blobs = await openDiskBlobs({ folder, clock: systemClock, log, ...noReserve })
  return Object.assign(blobs, { [Symbol.asyncDispose]: () => blobs.close() })
}

/** Descriptors of this process that lead below the folder. Where there is no /proc, nothing can be seen. */
async function openBelow(folder: string): Promise<number> {
  const links = await readdir('/proc/self/fd').catch(() => [])
  const targets = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')))
  return targets.filter((target) => target.startsWith(folder)).length
}

blobsContract('blobs on a disk', async () => {
  const opened = await openFolder()
  const blobs = await openBlobs(opened.folder)
  return {
    blobs,
    openReads: () => openBelow(opened.folder),
    async [Symbol.asyncDispose]() {
      await blobs.close()
      expect(await readdir(join(opened.folder, asideFolder))).toEqual([])
      await opened[Symbol.asyncDispose]()
    },
  }
})

test('a link that leads out of the folder is followed nowhere, neither as a blob nor as a folder on the way', async () => {
  await using opened = await openFolder()
  await using outside = await openFolder()
  await using blobs = await openBlobs(opened.folder)
  await writeFile(join(outside.folder, 'secret'), 'secret')
  await symlink(join(outside.folder, 'secret'), join(opened.folder, 'link'))
  await symlink(outside.folder, join(opened.folder, 'films'))
  for (const name of ['link', 'films/secret']) {
    await expect(readAll(blobs, name)).rejects.toMatchObject({ kind: 'not_found' })
    expect(await blobs.find(name)).toBeUndefined()
  }
  await expect(blobs.write('films/new', pieces(Buffer.from('x')))).rejects.toThrow(/leads out/)
  await blobs.delete(['films/secret', 'link'])
  expect(await readdir(outside.folder)).toEqual(['secret'])
  expect((await blobs.list('')).items).toEqual([])
  // Writing over a link replaces the link and not what it points at.
  await symlink(join(outside.folder, 'secret'), join(opened.folder, 'link'))
  await blobs.write('link', pieces(Buffer.from('ours')))
  expect(String(await readAll(blobs, 'link'))).toBe('ours')
  expect((await stat(join(outside.folder, 'secret'))).size).toBe(6)
})

test('a blob that gets shorter while it is read is an error and not a short answer', async () => {
  await using opened = await openFolder()
  await using blobs = await openBlobs(opened.folder)
  await blobs.write('a', pieces(randomBytes(3 << 20)))
  const reading = async () => {
    for await (const _ of blobs.read('a')) await truncate(join(opened.folder, 'a'), 300_000)
  }
  await expect(reading()).rejects.toThrow(/ended before its size/)
})

test('a reader of what is replaced or deleted reads the first to its end', async () => {
  await using opened = await openFolder()
  await using blobs = await openBlobs(opened.folder)
  const first = randomBytes(2 << 20)
  await blobs.write('a', pieces(first))
  const chunks: Uint8Array[] = []
  for await (const chunk of blobs.read('a')) {
    if (chunks.length === 0) await blobs.write('a', pieces(randomBytes(10)))
    if (chunks.length === 1) await blobs.delete(['a'])
    chunks.push(chunk)
  }
  expect(Buffer.concat(chunks).equals(first)).toBe(true)
})

test('a file on the same file system is taken in without a copy', async () => {
  await using opened = await openFolder()
  await using blobs = await openBlobs(opened.folder)
  await using uploads = await openFolder()
  const from = join(uploads.folder, 'upload')
  await writeFile(from, 'a film')
  const { ino } = await stat(from)
  await blobs.local?.adopt(from, 'films/1/source')
  expect((await stat(blobs.local?.pathOf('films/1/source') ?? '')).ino).toBe(ino)
  expect(await readdir(uploads.folder)).toEqual([])
  await symlink('/etc/passwd', from)
  await expect(blobs.local?.adopt(from, 'films/2/source')).rejects.toThrow()
  await rm(from)
  await mkdir(from)
  await expect(blobs.local?.adopt(from, 'films/3/source')).rejects.toThrow(/not a file/)
  expect(() => blobs.local?.pathOf('../x')).toThrow()
})

test('folders go with their last blob, also while others are written beside it', async () => {
  await using opened = await openFolder()
  await using blobs = await openBlobs(opened.folder)
  for (let round = 0; round < 20; round++) {
    await Promise.all([
      blobs.write(`a/b/c/${round}`, pieces(Buffer.from('x'))),
      blobs.delete([`a/b/c/${round - 1}`]),
      blobs.write(`a/b/other/${round}`, pieces(Buffer.from('x'))),
      blobs.delete([`a/b/other/${round - 1}`]),
    ])
  }
  await blobs.delete(['a/b/c/19', 'a/b/other/19'])
  expect(await readdir(opened.folder)).toEqual([asideFolder])
})

const writingProcess = `
  import { openDiskBlobs } from '#server/adapters/blobs/disk-blobs.ts'
  import { systemClock as clock } from '#server/adapters/clock/system-clock.ts'
  const log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => log }
  const blobs = await openDiskBlobs({ folder: process.argv[1], clock, log, reserve: { bytes: 0, share: 0 }, ballastBytes: 0 })
  const endless = async function* () {
    for (;;) {
      yield Buffer.alloc(1 << 20)
      console.log('writing')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await Promise.all([blobs.write('films/1', endless()), blobs.write('films/2', endless())])
`

test('what a killed process left aside is removed at the next start; what living ones write stays', async () => {
  await using opened = await openFolder()
  const spawn = () => startProcess(process.execPath, ['--input-type=module', '-e', writingProcess, opened.folder])
  const aside = () => readdir(join(opened.folder, asideFolder))
  const doomed = spawn()
  const living = spawn()
  await until(async () => [doomed, living].every((each) => each.output().split('writing').length > 4), {
    what: 'the writing',
    processes: [doomed, living],
  })
  await expect.poll(aside).toHaveLength(4)
  await doomed.kill()
  const log = createCapturedLog()
  {
    await using blobs = await openBlobs(opened.folder, log)
    expect(await aside()).toHaveLength(2)
    expect(log.lines).toMatchObject([{ event: 'blobs.orphans_removed', fields: { removed: 2 } }])
    expect((await blobs.list('')).items).toEqual([])
  }
  await living.kill()
  // Of another machine nobody knows whether it lives: an hour without a write decides.
  await writeFile(join(opened.folder, asideFolder, 'deadbeef-1-aaaa-bbbb'), 'x')
  await writeFile(join(opened.folder, asideFolder, 'deadbeef-1-aaaa-cccc'), 'x')
  await utimes(join(opened.folder, asideFolder, 'deadbeef-1-aaaa-cccc'), 0, Date.now() / 1000 - 7200)
  await using blobs = await openBlobs(opened.folder)
  expect(await aside()).toEqual(['deadbeef-1-aaaa-bbbb'])
  expect(await blobs.find('films/1')).toBeUndefined()
})
