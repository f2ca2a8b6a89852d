import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Launch, type Launched, launch } from './frame.ts'

const root = join(import.meta.dirname, '../..')
const ample = ['limits.requestsPerMinute=1000000000', 'http.maxConnectionsPerAddress=10000']

export type BenchHouse = {
  process: Launched
  port: number
  token: string
  accountId: string
  call<T>(method: string, path: string, body?: object): Promise<T>
  /** Rows past the house, in one transaction. */
  fill(table: string, rows: Iterable<Record<string, SQLInputValue>>): void
  /** Somebody more, by their token. */
  join(username: string): Promise<string>
  closeRows(): void
}

/** A whole Matinee as people start it, with one person in it, whose tables may be filled past it. */
export async function openBenchHouse(folder: string, closing: (resource: AsyncDisposable) => void, how: Launch = {}): Promise<BenchHouse> {
  const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', folder, ...ample.flatMap((one) => ['--set', one])]
  const process = await launch(join(root, 'server/main.ts'), { ...how, args, until: /is open: (http:\/\/[^\s,]+)/, untilMs: 120_000 })
  closing(process)
  const url = process.match?.[1] ?? ''
  let token = ''
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { ...(body ? { 'content-type': 'application/json' } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) }
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const register = (username: string) =>
    call<{ token: string; user: { id: string } }>('POST', '/api/user', { username, password: 'a long enough word 42' })
  const { token: given, user } = await register('bench')
  token = given
  const rows = new DatabaseSync(join(folder, 'matinee.db'))
  rows.exec('pragma busy_timeout = 20000')
  return {
    ...{ process, port: Number(new URL(url).port), token, accountId: user.id, call },
    fill(table, all) {
      rows.exec('begin immediate')
      for (const row of all) {
        const names = Object.keys(row)
        rows.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`).run(...Object.values(row))
      }
      rows.exec('commit')
    },
    join: async (username) => (await register(username)).token,
    closeRows: () => rows.close(),
  }
}

/** A film that is ready, as far as rows can tell. */
export const filmRow = (house: Pick<BenchHouse, 'accountId'>, id: string, title: string) => ({
  ...{ id, owner_id: house.accountId, title, description: 'About itself.', visibility: 'public', state: 'ready' },
  ...{ comment_rule: 'open', slow_mode_s: 0, is_danmaku_on: 1, generation: 1, cells_done: 1, cells_planned: 1, poster_revision: 1 },
})

/** Ids of rows that were made past the house: sorted by their number. */
export const benchId = (kind: string, n: number) => `${kind}${String(n).padStart(20 - kind.length, '0')}`
