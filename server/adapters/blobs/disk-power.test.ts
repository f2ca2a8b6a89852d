import fs from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { systemClock } from '../clock/system-clock.ts'
import { pieces } from './blobs.contract.ts'
import { openDiskBlobs } from './disk-blobs.ts'

type Act = { act: 'write' | 'sync' | 'rename' | 'make' | 'remove'; path: string; from?: string }

const real = { ...fs.promises }
let acts: Act[] = []
let folder = ''
/** Takes its time to be synced, as disks do: so the next who want it come while it lasts. */
let slowFolder = ''

/** Listens to what is done to the disk: from that follows what would still be there after the power went. */
beforeEach(async () => {
  acts = []
  slowFolder = ''
  folder = await mkdtemp(join(tmpdir(), 'matinee-power-'))
  Object.assign(fs.promises, {
    open: async (path: string, ...rest: []) => {
      const file = await real.open(path, ...rest)
      for (const [name, act] of [
        ['writev', 'write'],
        ['write', 'write'],
        ['sync', 'sync'],
        ['datasync', 'sync'],
      ] as const) {
        const plain = file[name].bind(file) as (...args: unknown[]) => Promise<unknown>
        Object.assign(file, {
          [name]: async (...args: unknown[]) => {
            const done = await plain(...args)
            if (act === 'sync' && path === slowFolder) await new Promise((resolve) => setTimeout(resolve, 50))
            acts.push({ act, path })
            return done
          },
        })
      }
      return file
    },
    rename: async (from: string, path: string) => {
      await real.rename(from, path)
      acts.push({ act: 'rename', path, from })
    },
    mkdir: async (path: string, options: { recursive: true }) => {
      const first = await real.mkdir(path, options)
      for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) acts.push({ act: 'make', path: made })
      return first
    },
    rm: async (path: string, options: { force: true }) => {
      await real.rm(path, options)
      acts.push({ act: 'remove', path })
    },
    rmdir: async (path: string) => {
      await real.rmdir(path)
      acts.push({ act: 'remove', path })
    },
  })
  syncBuiltinESMExports()
})

afterEach(async () => {
  Object.assign(fs.promises, real)
  syncBuiltinESMExports()
  await rm(folder, { recursive: true, force: true })
})

const lastOf = (act: Act['act'], path: string) => acts.findLastIndex((each) => each.act === act && each.path === path)
const isSyncedAfter = (path: string, index: number) =>
  acts.findIndex((each, n) => n > index && each.act === 'sync' && each.path === path) >= 0

/** The bytes before the name, the name before the answer, and every folder on the way. */
function expectSurvives(path: string): void {
  const renamed = lastOf('rename', path)
  const from = acts[renamed]?.from ?? ''
  expect(renamed).toBeGreaterThan(-1)
  const synced = lastOf('sync', from)
  expect(synced).toBeGreaterThan(lastOf('write', from))
  expect(renamed).toBeGreaterThan(synced)
  expect(isSyncedAfter(dirname(path), renamed)).toBe(true)
  for (let made = dirname(path); made !== folder; made = dirname(made))
    expect(isSyncedAfter(dirname(made), lastOf('make', made))).toBe(true)
}

async function openBlobs() {
  return openDiskBlobs({ folder, clock: systemClock, log: createCapturedLog(), reserve: { bytes: 0, share: 0 }, ballastBytes: 0 })
}

test('[F3] a blob that was acknowledged is there after a power cut: its bytes, its name and its folders', async () => {
  const blobs = await openBlobs()
  await blobs.write('films/ab/cd/source', pieces(Buffer.alloc(3_000_000, 1)))
  expect(lastOf('write', acts[lastOf('rename', join(folder, 'films/ab/cd/source'))]?.from ?? '')).toBeGreaterThan(-1)
  expectSurvives(join(folder, 'films/ab/cd/source'))
  await blobs.write('films/ab/cd/source', pieces(Buffer.alloc(10, 2)))
  expectSurvives(join(folder, 'films/ab/cd/source'))
  await blobs.close()
})

test('[F3] of many that are written at once each is durable when it is acknowledged, with fewer syncs of their folder than blobs', async () => {
  const blobs = await openBlobs()
  await blobs.write('cells/first', pieces(Buffer.from('x')))
  const made = acts.filter(({ act }) => act === 'make')
  acts = [...made]
  slowFolder = join(folder, 'cells')
  const names = Array.from({ length: 40 }, (_, n) => `cells/${n}`)
  await Promise.all(
    names.map(async (name) => {
      await blobs.write(name, pieces(Buffer.from(name)))
      const path = join(folder, name)
      expect(isSyncedAfter(dirname(path), lastOf('rename', path))).toBe(true)
    }),
  )
  expect(acts.filter(({ act, path }) => act === 'sync' && path === join(folder, 'cells')).length).toBeLessThan(40)
  await blobs.close()
})

test('[F3] nobody is told of a blob in a folder that another is just making, before that folder is durable', async () => {
  const blobs = await openBlobs()
  await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const path = join(folder, 'new/and/deep', String(n))
      await blobs.write(`new/and/deep/${n}`, pieces(Buffer.from('x')))
      for (let made = dirname(path); made !== folder; made = dirname(made))
        expect(isSyncedAfter(dirname(made), lastOf('make', made))).toBe(true)
    }),
  )
  await blobs.close()
})

test('[F3] a file that was taken in, and a deletion, survive as well', async () => {
  const blobs = await openBlobs()
  const uploads = await mkdtemp(join(tmpdir(), 'matinee-uploads-'))
  await writeFile(join(uploads, 'upload'), 'a film')
  await blobs.local?.adopt(join(uploads, 'upload'), 'films/1')
  expectSurvives(join(folder, 'films/1'))
  expect(isSyncedAfter(uploads, lastOf('rename', join(folder, 'films/1')))).toBe(true)
  await blobs.write('films/2', pieces(Buffer.from('x')))
  await blobs.delete(['films/1'])
  expect(isSyncedAfter(join(folder, 'films'), lastOf('remove', join(folder, 'films/1')))).toBe(true)
  await blobs.delete(['films/2'])
  expect(isSyncedAfter(folder, lastOf('remove', join(folder, 'films')))).toBe(true)
  await rm(uploads, { recursive: true })
  await blobs.close()
})
