import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { findPacked } from './packed.ts'

const checkout = join(import.meta.dirname, '..')

function openFolder(): Disposable & { root: string } {
  const root = mkdtempSync(join(tmpdir(), 'matinee-packed-'))
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

/** A checkout of one source, packed. */
function openPacked() {
  const { root, ...folder } = openFolder()
  for (const path of ['dist/server', 'server', 'node_modules']) mkdirSync(join(root, path), { recursive: true })
  const source = join(root, 'server/a.ts')
  const installed = join(root, 'node_modules/.package-lock.json')
  writeFileSync(installed, '{}')
  writeFileSync(source, 'one')
  const hash = createHash('sha256').update('one').digest('base64url')
  const packed = { installedMs: statSync(installed).mtimeMs, sources: { 'server/a.ts': [statSync(source).mtimeMs, hash] } }
  writeFileSync(join(root, 'dist/server/packed.json'), JSON.stringify(packed))
  return { ...folder, root, source, installed, run: pathToFileURL(join(root, 'dist/server/run.mjs')).href }
}

test('what was packed runs as long as no source has changed', () => {
  using folder = openPacked()
  expect(findPacked(folder.root)).toBe(folder.run)
  utimesSync(folder.source, 1, 1)
  expect(findPacked(folder.root)).toBe(folder.run)
  writeFileSync(folder.source, 'two')
  expect(findPacked(folder.root)).toBeUndefined()
  rmSync(folder.source)
  expect(findPacked(folder.root)).toBeUndefined()
})

test('what was packed from other packages than those installed is left alone, and so is a checkout that was never packed', () => {
  using folder = openPacked()
  utimesSync(folder.installed, 1, 1)
  expect(findPacked(folder.root)).toBeUndefined()
  rmSync(join(folder.root, 'dist'), { recursive: true })
  expect(findPacked(folder.root)).toBeUndefined()
})

test('the packed server notes every source of itself, and runs', () => {
  using folder = openFolder()
  const packed = join(folder.root, 'dist/server')
  const done = spawnSync(process.execPath, [join(checkout, 'scripts/pack-server.mjs'), packed], { encoding: 'utf8' })
  expect(done).toMatchObject({ status: 0, stderr: '' })
  const { sources } = JSON.parse(readFileSync(join(packed, 'packed.json'), 'utf8')) as { sources: Record<string, unknown> }
  expect(Object.keys(sources)).toEqual(
    expect.arrayContaining(['server/cli/run.ts', 'server/roles/open-house.ts', 'shared/locales/en/problems.json']),
  )
  symlinkSync(join(checkout, 'node_modules'), join(folder.root, 'node_modules'))
  // A whole command: it reads the configuration, opens the database with its thread, and all that features need.
  const start = join(folder.root, 'start.mjs')
  writeFileSync(start, "process.exit(await (await import('./dist/server/run.mjs')).runCommand(process.argv.slice(2)))")
  const words = [start, 'user', 'add', 'ada', '--data', join(folder.root, 'data')]
  expect(spawnSync(process.execPath, words, { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('ada has an account'),
    stderr: '',
  })
})
