import { engineOf, migrateRows } from '#server/compose/ground/database.ts'
import { loadConfig } from '#server/config/load.ts'
import { migrateSql } from '#server/database/migrations/print.ts'
import { commonHelp, readOptions } from './options.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const migrate: Verb = {
  help: `
matinee migrate [OPTIONS]

Brings the tables of the database to the shape that this version knows, after a copy aside (SQLite). matinee serve does so by itself;
a house of many machines may want it done first. May be interrupted and run again.

  --sql [ENGINE]      print the tables instead, and change nothing: for sqlite or mysql, or else for the
                      engine that is configured
${commonHelp}`,
  run,
}

const configured = 'configured'

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const words = argv.map((word, place) => (word === '--sql' && (argv[place + 1] ?? '-').startsWith('-') ? `--sql=${configured}` : word))
  const { origin, values } = readOptions(words, terminal, { sql: { type: 'string' } }, 0)
  if (values.sql !== undefined) {
    const engine = values.sql === configured ? engineOf(loadConfig(origin)) : values.sql
    if (engine !== 'sqlite' && engine !== 'mysql') throw new UsageError('--sql takes sqlite or mysql.')
    terminal.out(migrateSql(engine))
    return 0
  }
  const began = (name: string) => terminal.out(`${name} …\n`)
  const { ran, backup } = await migrateRows(loadConfig(origin), began)
  if (backup !== undefined) terminal.out(`A copy of what was there lies at ${backup}.\n`)
  terminal.out(ran.length === 0 ? 'The tables are as they should be.\n' : `Done: ${ran.join(', ')}.\n`)
  return 0
}
