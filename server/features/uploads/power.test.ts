import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { hasRange, parseRangesText } from '#server/lib/byte-ranges.ts'
import { createChance } from '#server/lib/seed.ts'
import { times } from '#server/testing/grounds.ts'
import { type CrashState, crashAfter, type Loss } from '#server/testing/power/crash-state.ts'
import type { DiskAct } from '#server/testing/power/disk-acts.ts'
import { fileOf } from '#server/testing/power/file-of.ts'
import { openTaskDatabase, type TaskDatabase } from '#server/testing/task-database.ts'
import { blockOf, openUploadsCore } from '#server/testing/uploads-core.ts'
import type { TaskRow } from './store.ts'

const recorder = fileURLToPath(import.meta.resolve('#server/testing/power/record-disk.ts'))
const recorded = fileURLToPath(import.meta.resolve('#server/testing/power/upload-recorded.ts'))
const files = 3

let database: TaskDatabase
beforeAll(async () => {
  database = await openTaskDatabase()
})
afterAll(() => database?.[Symbol.asyncDispose]())

/** Uploads are made once, and each of their acts is one after which the power may go. */
async function record(seed: number): Promise<{ folder: string; acts: DiskAct[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-power-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const env = { ...process.env, RECORD: join(folder, 'acts'), RECORDED: join(folder, 'disk') }
  const words = ['--import', recorder, recorded, join(folder, 'disk'), String(seed), String(files)]
  const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8', timeout: 120_000 })
  expect(status, stderr).toBe(0)
  const acts = (await readFile(env.RECORD, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as DiskAct)
  return { folder: join(folder, 'disk'), acts }
}

/** The next process finds what is left, and makes of it what was begun. */
async function goOn(state: CrashState, from: string, seed: number): Promise<void> {
  await using core = await openUploadsCore({ instant: true }, { database })
  await state.lay(core.folder)
  const moved = (path: string) => path.replace(from, core.folder)
  for (const row of state.rows.values()) {
    const known = row.known_path === null ? null : moved(row.known_path)
    await core.store.add({ ...row, root: moved(row.root), folder: moved(row.folder), known_path: known })
  }
  for (const { id, told, start = 0, end = 0 } of state.told) {
    const row = state.rows.get(id)
    expect(row, `a task that was answered: ${id}`).toBeDefined()
    if (told === 'held' && row?.state === 'open') expect(hasRange(parseRangesText(row.held), { start, end })).toBe(true)
    if (told === 'stored') expect(row?.state).toBe('stored')
  }
  for (const row of state.rows.values())
    if (row.state === 'open') await expectHeld(row, join(moved(row.root), '.matinee', `${row.id}.part`), seed)
  const service = await core.process()
  for (const { id, file_name: name, folder } of state.rows.values()) {
    const bytes = originalOf(name, seed)
    await service.settle(id)
    const row = await service.get(id)
    for (const { start, end } of service.missing(row)) await service.takeBlock(id, blockOf(bytes, start, end))
    await service.settle(id)
    expect((await service.get(id)).state).toBe('stored')
    expect((await readFile(join(moved(folder), name))).equals(bytes)).toBe(true)
  }
}

const originalOf = (name: string, seed: number) => fileOf(seed, Number(name) === files - 1 ? 0 : Number(name))

async function expectHeld(row: TaskRow, path: string, seed: number): Promise<void> {
  const [found, bytes] = [await readFile(path), originalOf(row.file_name, seed)]
  expect(found.length).toBe(row.size)
  for (const { start, end } of parseRangesText(row.held)) expect(found.subarray(start, end).equals(bytes.subarray(start, end))).toBe(true)
}

test('[F3] [U7] what was answered is there, and every file becomes whole, whenever the power goes and whatever was not synced is lost or torn', async () => {
  const seed = 20_261_121
  const { folder, acts } = await record(seed)
  expect(acts.filter(({ act }) => act === 'told').length).toBeGreaterThan(files)
  const chance = createChance(seed)
  const states = times(12, 600)
  for (let n = 0; n < states; n++) {
    const count = Math.ceil(((n + 1) / states) * acts.length)
    const loss: Loss = chance.pick(['all', 'some', 'some', 'none'])
    await goOn(crashAfter(acts, count, { root: folder, loss, chance }), folder, seed).catch((error: unknown) => {
      throw new Error(`after ${count} of ${acts.length} acts (${JSON.stringify(acts[count - 1]).slice(0, 200)}), losing ${loss}`, {
        cause: error,
      })
    })
  }
}, 1_200_000)

test('[F3] of a disk that is said to be synced and is not, it is seen that bytes are lost', async () => {
  const seed = 7
  const { folder, acts } = await record(seed)
  // As if the program had synced nothing.
  const unsynced = acts.filter(({ act }) => act !== 'sync ends')
  const held = unsynced.findLastIndex((act) => act.act === 'told' && act.told === 'held') + 1
  const state = crashAfter(unsynced, held, { root: folder, loss: 'all', chance: createChance(seed) })
  await expect(goOn(state, folder, seed)).rejects.toThrow()
})
