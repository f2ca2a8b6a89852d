import { afterAll, beforeAll } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { migrationsContract } from '../migrations.contract.ts'
import { openMysqlMigrations } from './mysql-migrations.ts'

describeWith('mariadb')('on MariaDB', () => {
  let mariadb: MariadbPart
  let count = 0
  beforeAll(async () => {
    mariadb = await openMariadb({ inMemory: true })
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())

  migrationsContract('MariaDB', async () => {
    const name = `matinee_${++count}`
    await mariadb.root(`create database ${name} character set utf8mb4 collate utf8mb4_bin`)
    const url = new URL(name, mariadb.url).href
    return {
      open: () => openMysqlMigrations(url),
      contents: () => contents(mariadb, name),
      async [Symbol.asyncDispose]() {
        await mariadb.root(`drop database ${name}`)
      },
    }
  })
})

async function contents(mariadb: MariadbPart, name: string): Promise<string> {
  const tables = (await mariadb.root(`show tables in ${name}`)).map((row) => String(Object.values(row)[0]))
  const parts = await Promise.all(
    tables
      .filter((table) => table !== 'migration')
      .map(async (table) => [
        await mariadb.root(`show create table ${name}.${table}`),
        await mariadb.root(`select * from ${name}.${table}`),
      ]),
  )
  return JSON.stringify([parts, await mariadb.root(`select name, step, begun, fingerprint from ${name}.migration order by name`)])
}
