import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFeature } from './feature.ts'
import { parseName } from './names.ts'

/** `npm run new feature NAME [-- --root FOLDER]` */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { root: { type: 'string' } } })
const root = values.root ?? join(import.meta.dirname, '../..')
const names = parseName(positionals[1] ?? '')
if (positionals[0] !== 'feature' || !names) {
  console.error('npm run new feature NAME, where NAME is a noun in kebab-case, such as watch-later')
  process.exit(2)
}
try {
  const written = writeFeature(root, names)
  run('node_modules/@biomejs/biome/bin/biome', ['format', '--write', ...written.filter((path) => /[.](ts|json)$/.test(path))])
  run('tools/docs/database.ts', [])
  console.log(
    `${written.join('\n')}\ndocs/database.md\n\nRead server/features/${names.kebab}/index.ts first; then: npm run check, and npm test -- server/features/${names.kebab}`,
  )
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

function run(script: string, args: string[]): void {
  const done = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (done.status !== 0) throw new Error(`${script} ended with ${done.status}`)
}
