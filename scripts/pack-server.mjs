// Packs the server, and those of its packages that are many small files, into a few files below dist/server: a start is mostly the opening of files,
// and comments and unused parts of packages cost memory. server/main.ts runs it from there as long as no source has changed; else from the sources.
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const folder = process.argv[2] ?? join(root, 'dist/server')
/** Only packages that read no file of their own at run time. */
const packages = /^(croner|fastify|jose|kysely|lru-cache|otpauth|pino|typebox|use-intl|ws|yaml)(\/|$)/
const threadAddress = /new URL\('(\.\/[\w.-]*thread)\.ts', import\.meta\.url\)/g

rmSync(folder, { recursive: true, force: true })
const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: { run: 'server/cli/run.ts' },
  external: isLeftOut,
  plugins: [{ name: 'house', resolveId: (id) => (id.startsWith('#') ? join(root, id.slice(1)) : undefined), transform: placeAddresses }],
  logLevel: 'silent',
})
const { output } = await bundle.write({
  ...{ dir: folder, format: 'esm', comments: false },
  ...{ entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
})
await bundle.close()
for (const { fileName } of output) rewriteInAscii(join(folder, fileName))
const sources = output.flatMap(({ modules }) => Object.keys(modules)).filter((path) => path.startsWith(`${root}/`) && !isOfPackage(path))
writeFileSync(
  join(folder, 'packed.json'),
  JSON.stringify({ installedMs: msOf(join(root, 'node_modules/.package-lock.json')), sources: noted(sources) }),
)

/** Packages that are not packed are loaded from node_modules; so is what a packed one may do without, and only tries to load. */
function isLeftOut(id, importer, isResolved) {
  if (isResolved || /^[./#\0]/.test(id)) return false
  return isOfPackage(importer ?? '') ? /^(node:|bufferutil$|utf-8-validate$)/.test(id) : !packages.test(id)
}

function isOfPackage(path) {
  return path.includes('/node_modules/')
}

/** What our files find beside themselves they go on finding there; threads are packed as well. */
function placeAddresses(code, id) {
  if (isOfPackage(id) || !code.includes('import.meta')) return undefined
  const threads = code.replaceAll(threadAddress, (_, path) => {
    const fileName = `${path.slice(2)}.mjs`
    this.emitFile({ type: 'chunk', id: join(dirname(id), `${path}.ts`), fileName })
    return `new URL('./${fileName}', packedAt)`
  })
  if (/import\.meta\.(?!url\b)/.test(code)) throw new Error(`${id}: of import.meta only the url is known in a packed file`)
  const own = `new URL(${JSON.stringify(relative(folder, id))}, import.meta.url).href`
  return threads.replaceAll('import.meta.url', own).replaceAll('packedAt', 'import.meta.url')
}

/** The runtime keeps the text of what it runs: with a single letter beyond ASCII it would take twice the memory. */
function rewriteInAscii(path) {
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}

function noted(paths) {
  const note = (path) => [relative(root, path), [msOf(path), createHash('sha256').update(readFileSync(path)).digest('base64url')]]
  return Object.fromEntries([...new Set(paths)].sort().map(note))
}

function msOf(path) {
  return statSync(path).mtimeMs
}
