import type { DataEngine } from '#server/database/backup/engine.ts'
import { StillInUse } from '#server/database/errors.ts'
import { stepSql } from '#server/database/schema/sql.ts'
import { dropTable } from '#server/database/schema/step.ts'

/** Throws while anybody else is connected to this database. What other accounts do is seen only with the right to see it. */
export async function checkAlone(engine: DataEngine): Promise<void> {
  const others = await engine.all(
    `select count(*) as others from information_schema.processlist where db = database() and id <> connection_id()`,
  )
  const count = Number(others[0]?.others)
  if (count > 0) throw new StillInUse(count === 1 ? 'one other connection' : `${count} other connections`)
}

export async function dropTables(engine: DataEngine): Promise<void> {
  const names = await engine.tables()
  await engine.run('set session foreign_key_checks = 0')
  // The mark of a restore that broke off goes last: until nothing is left, the database refuses to be used.
  for (const name of [...names.filter((each) => each !== 'migration'), ...names.filter((each) => each === 'migration')])
    for (const sql of stepSql(engine.dialect, new Map(), dropTable(name))) await engine.run(sql)
  await engine.run('set session foreign_key_checks = 1')
}
