import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fill, type Names } from './names.ts'

/** Every file of a new feature, and where the house must hear of it. Nothing is written unless everything can be. */
export function writeFeature(root: string, names: Names): string[] {
  if (existsSync(join(root, 'server/features', names.kebab))) throw new Error(`there is a feature ${names.kebab} already`)
  const files = [...newFiles(root, names), ...edits(root, names), ...texts(root, names)]
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return files.map(({ path }) => path)
}

type Written = { path: string; text: string }

function newFiles(root: string, names: Names): Written[] {
  const number = nextNumber(root)
  const feature = `server/features/${names.kebab}`
  const places: Record<string, string> = {
    'index.ts': `${feature}/index.ts`,
    'routes.ts': `${feature}/routes.ts`,
    'service.ts': `${feature}/service.ts`,
    'store.ts': `${feature}/store.ts`,
    'view.ts': `${feature}/view.ts`,
    'errors.ts': `${feature}/errors.ts`,
    'test.ts': `${feature}/${names.kebab}.test.ts`,
    'api.ts': `shared/api/${names.kebab}.ts`,
    'policy.ts': `server/lib/policy/${names.kebab}.ts`,
    'tables.ts': `server/database/tables/${names.kebab}.ts`,
    'doors.ts': `tests/doors/entries/${names.kebab}.ts`,
    'migration.ts': `server/database/migrations/${number}-${names.kebab}.ts`,
  }
  return Object.entries(places).map(([template, path]) => ({
    path,
    text: fill(readFileSync(join(import.meta.dirname, 'templates', `${template}.template`), 'utf8'), names, { number }),
  }))
}

function nextNumber(root: string): string {
  const numbers = readdirSync(join(root, 'server/database/migrations')).map((name) => Number(/^(\d{4})-/.exec(name)?.[1] ?? -1))
  return String(Math.max(...numbers) + 1).padStart(4, '0')
}

/** Lines of the house that name every feature, each with what is put before or after it. */
function edits(root: string, names: Names): Written[] {
  const { kebab, camel, Pascal } = names
  const number = nextNumber(root)
  return [
    edit(root, 'server/database/tables.ts', [
      [/^/, `import type { ${Pascal}Tables } from './tables/${kebab}.ts'\n`],
      [/(?= \{\}\n)/, `, ${Pascal}Tables`],
    ]),
    edit(root, 'server/database/migrations/index.ts', [
      [/(?=import type \{ Migration \})/, `import { migration as ${camel} } from './${number}-${kebab}.ts'\n`],
      [/,?(?=\s*\]\s*$)/, `, ${camel}`],
    ]),
    edit(root, 'server/lib/may.ts', [
      [/(?=import type \{ Rule \})/, `import { ${camel}Policy } from './policy/${kebab}.ts'\n`],
      [/,?(?=\s*\}\s*\n\nexport type Action\b)/, `, ...${camel}Policy`],
    ]),
    edit(root, 'server/compose/features.ts', [
      [/(?=import \{ newId \})/, `import { create${Pascal} } from '#server/features/${kebab}/index.ts'\n`],
      [/(?<=\n)(?= {2}return \{\s+\w+(,\s+\w+)*,?\s+\}\n)/, `  const ${camel} = create${Pascal}({ db: db.pick(), clock, newId: birth })\n`],
      [/(?<=\n {2}return \{\s+\w+(,\s+\w+)*)(?=,?\s+\}\n)/, `, ${camel}`],
    ]),
    edit(root, 'tests/doors/entries.ts', [
      [/(?=import type \{ Entries \})/, `import { ${camel}Entries } from './entries/${kebab}.ts'\n`],
      [/(?<=const entries: Entries = \{)/, ` ...${camel}Entries,`],
    ]),
    edit(root, 'server/roles/api.ts', [
      [/(?<=const api = \(\(\{)/, ` ${camel},`],
      [/(?<=routes: \[)/, `...${camel}.doors.routes, `],
    ]),
  ]
}

function edit(root: string, path: string, insertions: readonly (readonly [place: RegExp, text: string])[]): Written {
  let text = readFileSync(join(root, path), 'utf8')
  for (const [place, added] of insertions) {
    if (!place.test(text)) throw new Error(`${path} no longer looks as tools/new/feature.ts knows it: ${place}`)
    text = text.replace(place, () => added)
  }
  return { path, text }
}

const notFound = {
  en: 'This entry is not here (any more).',
  'zh-CN': '这个条目已不存在。',
  'zh-TW': '這個項目已不存在。',
}

function texts(root: string, names: Names): Written[] {
  return Object.entries(notFound).map(([language, text]) => {
    const path = `shared/locales/${language}/problems.json`
    const problems = JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>
    const all = Object.entries({ ...problems, [names.snake]: { not_found: text } }).sort(([a], [b]) => (a < b ? -1 : 1))
    return { path, text: `${JSON.stringify(Object.fromEntries(all), null, 2)}\n` }
  })
}
