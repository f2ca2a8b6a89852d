// Packs packages of hundreds of small files into one file each, below dist/packages: the start of Matinee is mostly the opening of files.
// server/packed-packages.ts loads them from there; where they are missing or older than node_modules, everything works as without.
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const folder = process.argv[2] ?? join(root, 'dist/packages')
/** As our own files import them. Only packages that read no file of their own at run time. */
const packages = [
  'fastify',
  'jose',
  'kysely',
  'lru-cache',
  'otpauth',
  'typebox',
  'typebox/compile',
  'typebox/value',
  'use-intl/core',
  'yaml',
]
const entry = 'entry:'
const fileOf = (name) => `${name.replaceAll('/', '-')}.mjs`

rmSync(folder, { recursive: true, force: true })
const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: Object.fromEntries(packages.map((name) => [fileOf(name).slice(0, -'.mjs'.length), `${entry}${name}`])),
  plugins: [{ name: 'entries', resolveId: (id) => (id.startsWith(entry) ? id : undefined), load: loadEntry }],
  logLevel: 'silent',
})
await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'shared-[hash].mjs' })
await bundle.close()
const installedMs = statSync(join(root, 'node_modules/.package-lock.json')).mtimeMs
writeFileSync(
  join(folder, 'packed.json'),
  JSON.stringify({ installedMs, files: Object.fromEntries(packages.map((name) => [name, fileOf(name)])) }),
)

/** The names that Node gives a package of the old kind are found by running it; bundled, they have to be said. */
async function loadEntry(id) {
  if (!id.startsWith(entry)) return undefined
  const name = id.slice(entry.length)
  const exported = Object.keys(await import(name)).filter((one) => one !== 'module.exports')
  return `export { ${exported.join(', ')} } from '${name}'`
}
