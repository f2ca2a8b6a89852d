import { vi } from 'vitest'
import { ServerConnection } from '#server/adapters/database/mysql/server-pool.ts'
import { SqliteReader } from '#server/adapters/database/sqlite/sqlite-reader.ts'
import { ThreadClient } from '#server/adapters/database/sqlite/thread-client.ts'

export type Asked = { sql: string; parameters: readonly unknown[] }

/** Hears every statement that this process sends to its database, on either ground, until it is let go. */
export function listenToStatements(hear: (asked: Asked) => void): Disposable {
  const read = SqliteReader.prototype.read
  const ask = ThreadClient.prototype.ask
  const run = ServerConnection.prototype.run
  const spies = [
    vi.spyOn(SqliteReader.prototype, 'read').mockImplementation(function (this: SqliteReader, sql, parameters) {
      hear({ sql, parameters })
      return read.call(this, sql, parameters)
    }),
    vi.spyOn(ThreadClient.prototype, 'ask').mockImplementation(function (this: ThreadClient, request) {
      if (request[0] === 'commit') for (const [sql, parameters] of request[2]) hear({ sql, parameters })
      if (request[0] === 'query') hear({ sql: request[3], parameters: request[4] })
      return ask.call(this, request) as Promise<never>
    }),
    vi.spyOn(ServerConnection.prototype, 'run').mockImplementation(function (this: ServerConnection, sql, parameters, silenceMs) {
      hear({ sql, parameters })
      return run.call(this, sql, parameters, silenceMs)
    }),
  ]
  return {
    [Symbol.dispose]() {
      for (const spy of spies) spy.mockRestore()
    },
  }
}
