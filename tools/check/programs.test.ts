import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatStep, lintStep, typesStep, unusedStep } from './programs.ts'
import { openHouse } from './testing/house.ts'

const modules = join(import.meta.dirname, '../../node_modules')

/** With the packages in reach, as the programs need them for types. */
function furnished(files: Record<string, string>) {
  const house = openHouse(files)
  symlinkSync(modules, join(house.root, 'node_modules'))
  return house
}

test('format: a file that is not as biome writes it is refused', async () => {
  using house = furnished({ 'server/a.ts': 'export const a = "a";\n', 'server/b.ts': "export const b = 'b'\n" })
  expect((await formatStep.look(house.root)).complaints).toEqual(['server/a.ts', 'npm run format mends it'])
})

test.each([
  ['a floating promise', 'async function f() {}\nexport function g() {\n  f()\n}\n', 'Promises must be awaited'],
  ['any', 'export function f(a: any): unknown {\n  return a\n}\n', 'no-explicit-any'],
  ['an assertion that something is there', 'export function f(a?: string): string {\n  return a!\n}\n', 'no-non-null-assertion'],
  ['any in disguise', "export const a: string = JSON.parse('1')\n", 'no-unsafe-assignment'],
  [
    'a switch that forgets a state',
    "export function f(a: 'x' | 'y'): number {\n  switch (a) {\n    case 'x':\n      return 1\n  }\n  return 2\n}\n",
    'switch-exhaustiveness-check',
  ],
  [
    'four levels',
    'export function f(a: number): void {\n  if (a > 0) {\n    if (a > 1) {\n      if (a > 2) {\n        if (a > 3) f(a)\n      }\n    }\n  }\n}\n',
    'max-depth',
  ],
  ['a default export', 'export default function f() {}\n', 'no-default-export'],
  ['throwing what is no error', "export function f() {\n  throw 'x'\n}\n", 'only-throw-error'],
])('lint: %s is refused', async (_name, text, complaint) => {
  using house = furnished({ 'server/a.ts': text })
  const { complaints } = await lintStep.look(house.root)
  expect(complaints).toEqual([expect.stringContaining(complaint)])
})

test('types: a wrong type is refused', async () => {
  using house = furnished({ 'server/a.ts': "export const a: number = 'a'\n" })
  expect((await typesStep.look(house.root)).complaints).toEqual([expect.stringContaining('server/a.ts(1,14): error TS2322')])
})

test('types: a file that the compiler is not told of is noticed', async () => {
  using house = furnished({ 'server/a.ts': 'export const a = 1\n', 'server/b.ts': 'export const b = 1\n' })
  writeFileSync(join(house.root, 'tsconfig.json'), '{ "compilerOptions": { "types": [] }, "files": ["server/a.ts"] }')
  expect((await typesStep.look(house.root)).complaints).toEqual(['it looked at 1 files where 2 are'])
})

test('lint: a folder that is left out is noticed', async () => {
  using house = furnished({ 'server/a.ts': 'export const a = 1\n', 'web/b.ts': 'export const b = 1\n' })
  writeFileSync(join(house.root, '.oxlintrc.json'), '{ "ignorePatterns": ["web"] }')
  expect((await lintStep.look(house.root)).complaints).toEqual(['it looked at 1 files where 2 are'])
})

test('unused code: a file and an export that nothing uses are refused', async () => {
  using house = furnished({
    'server/main.ts': "import { used } from './lib/used.ts'\nused()\n",
    'server/lib/used.ts': 'export function used() {}\nexport function spare() {}\n',
    'server/lib/lost.ts': 'export const lost = 1\n',
  })
  const complaints = (await unusedStep.look(house.root)).complaints.join('\n')
  expect(complaints).toMatch(/server\/lib\/lost[.]ts/)
  expect(complaints).toMatch(/server\/lib\/used[.]ts: spare/)
  expect(complaints).not.toMatch(/main[.]ts|: used/)
})
