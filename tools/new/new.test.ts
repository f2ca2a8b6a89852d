import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { steps } from '../check/steps.ts'
import { parseName } from './names.ts'

const checkout = join(import.meta.dirname, '../..')

test('a name is spelled as each place wants it, and what no folder may be called is refused', () => {
  expect(parseName('watch-later')).toEqual({
    kebab: 'watch-later',
    camel: 'watchLater',
    Pascal: 'WatchLater',
    snake: 'watch_later',
    words: 'watch later',
  })
  for (const bad of ['', 'WatchLater', 'watch_later', '-a', 'a-', '1a', '../a', 'a'.repeat(41)]) expect(parseName(bad)).toBeUndefined()
})

// It walks the whole house once more: not for the run that should take two minutes.
describeWith()('npm run new feature', () => {
  test('writes what passes every law of the house as it is, with tests that run', { timeout: 600_000 }, async () => {
    using copy = copyOfTheHouse()
    const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: copy.root, encoding: 'utf8' })

    const written = run('tools/new/run.ts', 'feature', 'paper-moon')
    expect(written.stderr + written.stdout).toContain('server/features/paper-moon/index.ts')
    const complaints: string[] = []
    for (const step of steps)
      complaints.push(...(await step.look(copy.root)).complaints.filter((complaint) => /paper.?moon/i.test(complaint)))
    expect(complaints).toEqual([])

    const tests = run('node_modules/vitest/vitest.mjs', 'run', 'server/features/paper-moon', 'tools/docs', 'server/lib/may.test.ts')
    expect(tests.stdout).toMatch(/Test Files.*3 passed/)

    const again = run('tools/new/run.ts', 'feature', 'paper-moon')
    expect([again.status, again.stderr]).toEqual([1, 'there is a feature paper-moon already\n'])
  })
})

function copyOfTheHouse(): Disposable & { root: string } {
  const root = mkdtempSync(join(tmpdir(), 'matinee-copy-'))
  const left = new Set(['node_modules', '.git', 'dist', 'data', 'coverage'])
  for (const name of readdirSync(checkout).filter((entry) => !left.has(entry)))
    cpSync(join(checkout, name), join(root, name), { recursive: true, filter: (path) => !path.endsWith('/node_modules') })
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'))
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}
