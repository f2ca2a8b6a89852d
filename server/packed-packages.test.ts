import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const checkout = join(import.meta.dirname, '..')

function openFolder(): Disposable & { root: string; plant(path: string, text: string): void } {
  const root = mkdtempSync(join(tmpdir(), 'matinee-packed-'))
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return { root, plant, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

test('our files get the packed package, packages get the one in node_modules, and an older packing is left alone', () => {
  using folder = openFolder()
  folder.plant('node_modules/.package-lock.json', '{}')
  folder.plant('node_modules/box/index.mjs', "export const from = 'node_modules'")
  folder.plant('node_modules/box/package.json', '{ "name": "box", "exports": "./index.mjs" }')
  folder.plant('node_modules/user/index.mjs', "export { from as seenByAPackage } from 'box'")
  folder.plant('node_modules/user/package.json', '{ "name": "user", "exports": "./index.mjs" }')
  folder.plant('dist/packages/box.mjs', "export const from = 'packed'")
  folder.plant('a.mjs', "import { from } from 'box'\nimport { seenByAPackage } from 'user'\nconsole.log(from, seenByAPackage)")
  folder.plant(
    'main.ts',
    `import { usePackedPackages } from '${checkout}/server/packed-packages.ts'\nusePackedPackages(import.meta.dirname)\nawait import('./a.mjs')`,
  )
  const run = () => spawnSync(process.execPath, [join(folder.root, 'main.ts')], { encoding: 'utf8' })
  const pack = (installedMs: number) =>
    folder.plant('dist/packages/packed.json', JSON.stringify({ installedMs, files: { box: 'box.mjs' } }))

  expect(run()).toMatchObject({ stdout: 'node_modules node_modules\n', stderr: '' })
  pack(statSync(join(folder.root, 'node_modules/.package-lock.json')).mtimeMs)
  expect(run()).toMatchObject({ stdout: 'packed node_modules\n', stderr: '' })
  pack(1)
  expect(run()).toMatchObject({ stdout: 'node_modules node_modules\n', stderr: '' })
})

test('a packed package exports what the package exports', async () => {
  using folder = openFolder()
  const done = spawnSync(process.execPath, [join(checkout, 'scripts/pack-packages.mjs'), folder.root], { encoding: 'utf8' })
  expect(done).toMatchObject({ status: 0, stderr: '' })
  const { files } = JSON.parse(readFileSync(join(folder.root, 'packed.json'), 'utf8')) as { files: Record<string, string> }
  expect(Object.keys(files)).toContain('typebox')
  const script = `for (const [name, file] of Object.entries(${JSON.stringify(files)})) {
    const [whole, packed] = await Promise.all([import(name), import('${folder.root}/' + file)])
    const names = (module) => Object.keys(module).filter((one) => one !== 'module.exports').sort().join()
    if (names(whole) !== names(packed)) console.log(name)
  }`
  const compared = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: checkout, encoding: 'utf8' })
  expect(compared).toMatchObject({ status: 0, stdout: '', stderr: '' })
})
