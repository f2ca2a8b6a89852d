import { configureGlobal } from 'fast-check'
import { afterAll, beforeAll, vi } from 'vitest'
import { isLong } from './grounds.ts'

// The same examples in every run: what is new is looked for by `npm run test:long`.
if (!isLong) configureGlobal({ seed: 20_261_122 })

/**
 * Files of tests share a process, for speed. What one leaves in it would make the next pass or fail by the order in which they run: so
 * a file that leaves something behind fails itself. (Set up by vitest.config.ts, before each file.)
 */
type World = { env: NodeJS.ProcessEnv; cwd: string; globals: Record<string, unknown> }

const watched = ['fetch', 'Date', 'setTimeout', 'setInterval', 'WebSocket', 'crypto', 'performance'] as const

/** The library of pictures says there where it lies, when it is loaded. */
const libraries = new Set(['VIPSHOME'])

let before: World
beforeAll(() => {
  before = look()
})
afterAll(() => {
  const leaks = differences(before, look())
  vi.useRealTimers()
  for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name]
  Object.assign(process.env, before.env)
  process.chdir(before.cwd)
  if (leaks.length > 0) throw new Error(`This file leaves behind: ${leaks.join(', ')}`)
})

function look(): World {
  const globals = Object.fromEntries(watched.map((name) => [name, Reflect.get(globalThis, name)]))
  return { env: { ...process.env }, cwd: process.cwd(), globals }
}

export function differences(was: World, is: World): string[] {
  const names = [...new Set([...Object.keys(was.env), ...Object.keys(is.env)])].filter((name) => !libraries.has(name))
  return [
    ...names.filter((name) => was.env[name] !== is.env[name]).map((name) => `the environment's ${name}`),
    ...(was.cwd === is.cwd ? [] : ['another working directory']),
    ...watched.filter((name) => was.globals[name] !== is.globals[name]).map((name) => `another ${name}`),
  ]
}
