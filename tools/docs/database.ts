import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { migrations } from '#server/database/migrations/index.ts'
import { modelOf } from '#server/database/migrations/migration.ts'
import type { ColumnFacts } from '#server/database/schema/column.ts'
import type { Table } from '#server/database/schema/step.ts'

const path = fileURLToPath(new URL('../../docs/database.md', import.meta.url))

/** docs/database.md: the tables, from the migrations that make them. */
export function databasePage(): string {
  const tables = [...modelOf(migrations).values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const raws = migrations.flatMap(({ name, steps }) => steps.flatMap((step) => (step.do === 'raw' ? [`- ${name}: ${step.about}`] : [])))
  const others = raws.length === 0 ? [] : ['## Besides', ...raws]
  return `${[head, ...tables.map(tableSection), ...others].join('\n\n')}\n`
}

const head = `# The tables

Made from \`server/database/migrations/\` by \`node tools/docs/database.ts\`; a test compares. \`./matinee migrate --sql\` prints the statements.
Times are epoch milliseconds (\`_ms\`), flags 0 or 1, JSON is text. Nothing may be null unless it says so. Keys are our own (\`newId\`).`

function tableSection(table: Table): string {
  const rows = [...table.columns].map(([name, column]) => `| ${name} | ${kindOf(column)} | ${notesOf(column)} |`)
  const keys = [
    `Primary key: ${table.primaryKey.join(', ')}.`,
    ...table.indexes.map((index) => `${index.unique ? 'Unique' : 'Index'}: ${index.columns.join(', ')}.`),
  ]
  return [
    `## ${table.name}`,
    ...(table.about ? [table.about] : []),
    ['| column | kind | |', '| --- | --- | --- |', ...rows].join('\n'),
    keys.join(' '),
  ].join('\n\n')
}

function kindOf(column: ColumnFacts): string {
  const length = column.length === undefined || column.kind === 'id' ? '' : `(${column.length})`
  return `${column.kind}${length}${column.nullable ? ', or null' : ''}`
}

function notesOf(column: ColumnFacts): string {
  const { references, about } = column
  const target = references ? `→ ${references.table}.${references.column}, on delete ${references.onDelete}` : ''
  const fallback = column.default === undefined ? '' : `default ${JSON.stringify(column.default)}`
  return [about ?? '', target, fallback].filter(Boolean).join('; ')
}

if (import.meta.main) writeFileSync(path, databasePage())
