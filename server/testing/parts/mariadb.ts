import { constants, existsSync } from 'node:fs'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Connection } from 'mysql2/promise'
import { freePorts, type PartProcess, startProcess, until } from './part-process.ts'

/** One server. Its address stays the same through kills and restarts. */
export type MariadbServer = {
  readonly url: string
  readonly port: number
  /** Statements as its administrator, one after the other; answers the rows of the last. */
  root(...statements: string[]): Promise<Record<string, unknown>[]>
  /** SIGKILL: what was not synced is lost with it. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** It holds its connections and answers nothing, until it is resumed. */
  freeze(): void
  resume(): void
}

export type MariadbReplica = MariadbServer & {
  /** It answers, but falls behind from now on. */
  stopReplica(): Promise<void>
  startReplica(): Promise<void>
  /** Resolves when it has everything that the primary had when this was called. */
  catchUp(): Promise<void>
}

export type MariadbPart = AsyncDisposable & MariadbServer & { readonly replicas: readonly MariadbReplica[] }

const account = { user: 'matinee', password: 'screen', database: 'matinee' }

export type MariadbOptions = {
  replicas?: number
  replica?: boolean
  /** Its files in memory, where the run of the tests has a place for them: where tables come and go, and the disk is not what is tried. */
  inMemory?: boolean
  args?: readonly string[]
}

/** A MariaDB of one's own, with as many real replicas as asked for (GTID). The account of `url` may do everything in its database and nothing else. */
export async function openMariadb(options: MariadbOptions = {}): Promise<MariadbPart> {
  const folder = await mkdtemp(join((options.inMemory && process.env.MATINEE_TEST_MEMORY) || tmpdir(), 'maria-'))
  const servers: Server[] = []
  try {
    const count = options.replicas ?? (options.replica ? 1 : 0)
    const ports = await freePorts(count + 1)
    const template = await templateFolder()
    servers.push(
      ...(await Promise.all(
        ports.map((port, index) =>
          openServer({ folder: join(folder, String(index)), template, port, id: index + 1, args: options.args ?? [] }),
        ),
      )),
    )
    const [primary, ...others] = servers
    if (!primary) throw new Error('no server')
    const replicas = await Promise.all(others.map((server) => toReplica(server, primary)))
    return { ...primary, replicas, [Symbol.asyncDispose]: () => close(servers, folder) }
  } catch (error) {
    await close(servers, folder)
    throw error
  }
}

type Server = MariadbServer & { end(): Promise<void> }

async function close(servers: readonly Server[], folder: string): Promise<void> {
  await Promise.all(servers.map((server) => server.end()))
  await rm(folder, { recursive: true, force: true })
}

async function openServer(place: { folder: string; template: string; port: number; id: number; args: readonly string[] }): Promise<Server> {
  const { folder, port } = place
  await cp(place.template, folder, { recursive: true, mode: constants.COPYFILE_FICLONE })
  const args = [...settings(folder), '--bind-address=127.0.0.1', `--port=${port}`, `--server-id=${place.id}`, ...replication, ...place.args]
  if (place.id > 1) args.push('--read-only=1')
  const root = (...statements: string[]) => asRoot(folder, statements)
  const start = async () => {
    const started = startProcess('mariadbd', args)
    await until(async () => (await root('select 1')).length === 1, { what: 'the start of MariaDB', processes: [started] })
    return started
  }
  let running: PartProcess = await start()
  return {
    url: `mysql://${account.user}:${account.password}@127.0.0.1:${port}/${account.database}`,
    port,
    root,
    kill: () => running.kill(),
    async restart() {
      if (!running.hasEnded()) await running.kill()
      running = await start()
    },
    freeze: () => void running.child.kill('SIGSTOP'),
    resume: () => void running.child.kill('SIGCONT'),
    async end() {
      if (!running.hasEnded()) await running.kill()
    },
  }
}

async function toReplica(server: Server, primary: Server): Promise<MariadbReplica> {
  const line = `master_host='127.0.0.1', master_port=${primary.port}, master_user='replica', master_password='${account.password}', master_connect_retry=1, master_use_gtid=slave_pos`
  await server.root(`change master to ${line}`, 'start slave')
  return {
    ...server,
    stopReplica: async () => void (await server.root('stop slave')),
    startReplica: async () => void (await server.root('start slave')),
    async catchUp() {
      const [row] = await primary.root('select @@gtid_binlog_pos as place')
      const [done] = await server.root(`select master_gtid_wait('${String(row?.place)}', 20) as waited`)
      if (done?.waited !== 0) throw new Error('the replica does not catch up')
    },
  }
}

/** Small, but as safe as in earnest: each commit is synced. */
function settings(folder: string): string[] {
  const user = userInfo()
  return [
    '--no-defaults',
    `--datadir=${folder}`,
    `--socket=${join(folder, 's')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--user=${user.username}`,
    '--skip-name-resolve',
    '--performance-schema=off',
    '--innodb-buffer-pool-size=24M',
    '--innodb-log-file-size=16M',
    '--innodb-flush-log-at-trx-commit=1',
    '--max-connections=200',
    '--lc-messages=en_US',
  ]
}

const replication = [
  '--log-bin=log',
  '--binlog-format=row',
  '--sync-binlog=1',
  '--relay-log=relay',
  '--gtid-strict-mode=1',
  '--slave-net-timeout=5',
]

/** Made once for each version; a server begins as a copy of it. */
async function templateFolder(): Promise<string> {
  const user = userInfo()
  const said = await output('mariadbd', ['--no-defaults', '--version'])
  const folder = join(tmpdir(), `matinee-mariadb-${/\d+[.]\d+[.]\d+/.exec(said)?.[0]}-${user.uid}`)
  if (existsSync(folder)) return folder
  const draft = await mkdtemp(join(tmpdir(), 'maria-new-'))
  await output('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${draft}`,
    `--user=${user.username}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
  ])
  const server = startProcess('mariadbd', [...settings(draft), '--skip-networking', '--skip-log-bin'])
  await until(async () => (await asRoot(draft, ['select 1'])).length === 1, { what: 'the first start of MariaDB', processes: [server] })
  await asRoot(draft, [
    `create database ${account.database} character set utf8mb4 collate utf8mb4_bin`,
    `create user '${account.user}'@'%' identified by '${account.password}'`,
    `grant all on \`${account.database}%\`.* to '${account.user}'@'%'`,
    `create user 'replica'@'%' identified by '${account.password}'`,
    `grant replication slave on *.* to 'replica'@'%'`,
  ])
  await server.kill('SIGTERM')
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true })) // somebody else was faster
  return folder
}

async function asRoot(folder: string, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const { createConnection } = await import('mysql2/promise') // only who opens a MariaDB loads it
  const connection: Connection = await createConnection({ socketPath: join(folder, 's'), user: 'root' })
  try {
    let rows: unknown
    for (const statement of statements) [rows] = await connection.query(statement)
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
  } finally {
    connection.destroy()
  }
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const started = startProcess(command, args)
  await new Promise((resolve) => started.child.once('close', resolve))
  if (started.child.exitCode !== 0) throw new Error(`${command} ended with ${started.child.exitCode}\n${started.output()}`)
  return started.output()
}
