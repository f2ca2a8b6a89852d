import { afterAll, beforeAll } from 'vitest'
import { mysqlGround, sqliteGround } from '#server/testing/database/grounds.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { backupContract, backupFileContract } from './backup.contract.ts'

backupContract('from SQLite to SQLite', sqliteGround, sqliteGround)
backupFileContract(sqliteGround)

describeWith('mariadb')('with MariaDB', () => {
  let mariadb: MariadbPart
  beforeAll(async () => {
    mariadb = await openMariadb({ inMemory: true })
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())
  const mysql = () => mysqlGround(mariadb)

  backupContract('from MariaDB to MariaDB', mysql, mysql)
  backupContract('from SQLite to MariaDB', sqliteGround, mysql)
  backupContract('from MariaDB to SQLite', mysql, sqliteGround)
})
