import { expect, test } from 'vitest'
import { checkSql } from './sql.ts'
import { openHouse } from './testing/house.ts'

const breaches = {
  'a template with a value': "db.prepare(`select * from film where id = '${id}'`)",
  'a template that goes a long way round': 'const text = `delete from film where id = ${id}`',
  'a sum of texts': "db.exec('update film set title = ' + title)",
  'a longer sum': "db.exec('insert into film ' + '(id) values (' + id + ')')",
  'a template in a sum': 'db.exec(`select ${a} ` + b)',
  'sql.raw of a variable': 'sql.raw(order)',
  'sql.raw of a template': 'sql.raw(`${column} desc`)',
  'sql.lit of a value': 'sql.lit(title)',
  'CompiledQuery.raw of a template': 'CompiledQuery.raw(`kill ${number}`)',
  'a name in a change of tables': 'raw("words", { sqlite: [`create virtual table ${name} using fts5(x)`], mysql: [] })',
  'a text that is made anew each time': '{ const mine = `where id = ${id}`; return CompiledQuery.raw(`select * from film ${mine}`) }',
  'a pragma': 'db.exec(`pragma user_version = ${version}`)',
}

test.each(Object.entries(breaches))('sql: %s is refused', (_, line) => {
  using house = openHouse({ 'server/features/films/store.ts': `export const breach = () => ${line.replace(/^const text = /, '')}\n` })
  expect(checkSql(house.root).complaints.length).toBeGreaterThan(0)
  expect(checkSql(house.root).complaints[0]).toContain('server/features/films/store.ts:1')
})

test('sql: whole statements, the builder’s own templates and other texts pass', () => {
  using house = openHouse({
    'server/features/films/store.ts': [
      "export const a = db.prepare('select * from film where id = ?')",
      "export const b = db.prepare('select * ' + 'from film')",
      'export const c = sql`select ${value} from ${sql.ref(name)}`',
      "export const d = sql.raw('rowid desc')",
      "const mine = 'where owner = ?'",
      'export const f = CompiledQuery.raw(`select id from film ${mine}`, [owner])',
      'export const e = [`${name} with love`, `delete ${name}`, `update of ${name}`, `set ${name}`]',
    ].join('\n'),
    'server/features/films/films.test.ts': 'db.exec(`drop table ${name} `)',
  })
  expect(checkSql(house.root).complaints).toEqual([])
})
