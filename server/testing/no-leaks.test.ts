import { expect, test } from 'vitest'
import { differences } from './no-leaks.ts'

test('a file that changes the environment, the directory or a global is told so', () => {
  const was = { env: { A: '1', B: '2' }, cwd: '/', globals: { fetch: 1 } }
  expect(differences(was, was)).toEqual([])
  expect(differences(was, { env: { A: '1', B: '3', C: '4' }, cwd: '/tmp', globals: { fetch: 2 } })).toEqual([
    "the environment's B",
    "the environment's C",
    'another working directory',
    'another fetch',
  ])
})
