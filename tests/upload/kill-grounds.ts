import { access, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openS3Blobs } from '#server/adapters/blobs/s3-blobs.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { settingsForHouse } from '#server/testing/distributed-ground.ts'
import { type Component, md5, openComponent } from './component.ts'

export type Task = { taskId: number; uploadUrl: string; blocksUrl: string }
/** A server that may be killed, on some ground, and what its files are opened by and become. */
export type KillGround = AsyncDisposable & {
  component: Component
  /** What one block has. */
  blockBytes: number
  open(bytes: Uint8Array, n: number): Promise<Task>
  /** The file stands where it should, and whoever had to hear of it has. */
  isDone(task: Task): Promise<boolean>
  read(task: Task, n: number): Promise<Buffer>
  /** What a dead server's rows say of it, where they can be read without a server. */
  stateOf(task: Task | undefined): Promise<string>
}

async function post(url: string, body: object, token = ''): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) }
  return await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()
}

/** The component alone: files on the disk, rows in SQLite or as `settings` say. */
export async function onDisk(settings: Record<string, string> = {}): Promise<KillGround> {
  await using opened = new AsyncDisposableStack()
  const heard = new Set<string>()
  const business = createServer((request, response) => {
    request.resume().on('end', () => {
      heard.add(String(request.headers['upload-task-id']))
      // So that there is a time in which others are being told.
      setTimeout(() => response.end(), 30)
    })
  })
  await new Promise<void>((resolve) => business.listen(0, '127.0.0.1', resolve))
  opened.defer(() => {
    business.closeAllConnections()
    business.close()
  })
  const notifyUrl = `http://127.0.0.1:${(business.address() as AddressInfo).port}/`
  const yaml = (folder: string) => `bServer: {name: demo, token: xxxxx, notifyUrl: "${notifyUrl}", roots: ["${folder}/root"]}\n`
  const component = opened.use(await openComponent(yaml, { settings }))
  const storePath = join(component.folder, 'root', 'films')
  const closing = opened.move()
  return {
    component,
    blockBytes: 100_000,
    async open(bytes, n) {
      const asked = { token: 'xxxxx', userId: '1', storePath, fileName: `${n}`, fileSize: bytes.length, fileMd5: md5(bytes) }
      return ((await post(`${component.url}/api/upload/new/task`, asked)) as { data: Task }).data
    },
    isDone: async ({ taskId }) => heard.has(String(taskId)),
    read: (_, n) => readFile(join(storePath, `${n}`)),
    stateOf: (task) => stateIn(join(component.folder, 'data', 'matinee.db'), task),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

/** People's own films, which end in S3. */
export async function onS3(settings: Record<string, string>): Promise<KillGround> {
  await using opened = new AsyncDisposableStack()
  // Roles that run apart would need Redis.
  const roles = 'redis.url' in settings ? 'api,upload' : ''
  const component = opened.use(await openComponent(() => '{}\n', { roles, settings }))
  const { token } = (await post(`${component.url}/api/user`, { username: 'lumiere', password: 'a long enough word 42' })) as {
    token: string
  }
  const blobs: Blobs = await openS3Blobs({
    endpoint: settings['blobs.s3.endpoint'] ?? '',
    region: settings['blobs.s3.region'] ?? '',
    bucket: settings['blobs.s3.bucket'] ?? '',
    accessKey: settings['blobs.s3.accessKey'] ?? '',
    secretKey: settings['blobs.s3.secretKey'] ?? '',
    clock: systemClock,
    log: createCapturedLog(),
  })
  opened.defer(() => blobs.close())
  const videos = new Map<number, string>()
  const blobOf = ({ taskId }: Task) => `sources/${videos.get(taskId)}/${taskId}`
  const closing = opened.move()
  return {
    component,
    // Parts leave while the rest arrives.
    blockBytes: 2 ** 20,
    async open(bytes, n) {
      const asked = { fileName: `${n}.mp4`, fileSize: bytes.length, fileMd5: md5(bytes) }
      const task = (await post(`${component.url}/api/uploads`, asked, token)) as Task & { videoId: string }
      videos.set(task.taskId, task.videoId)
      return task
    },
    isDone: async (task) => (await blobs.find(blobOf(task))) !== undefined,
    async read(task) {
      const pieces: Uint8Array[] = []
      for await (const piece of blobs.read(blobOf(task))) pieces.push(piece)
      return Buffer.concat(pieces)
    },
    stateOf: async () => 'unknown',
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

/** Of the settings of a distributed house, those of one part. */
export async function settingsOf(...parts: ('database' | 'redis' | 'blobs')[]): Promise<Record<string, string>> {
  const entries = Object.entries(await settingsForHouse()).filter(([key]) => parts.some((part) => key.startsWith(`${part}.`)))
  return Object.fromEntries(entries)
}

/** Read from a copy: what the dead left is for their heirs alone to mend. */
async function stateIn(database: string, task: Task | undefined): Promise<string> {
  if (!(await isThere(database))) return 'unknown'
  const folder = await mkdtemp(join(tmpdir(), 'matinee-looked-at-'))
  const copy = join(folder, 'copy.db')
  for (const end of ['', '-wal']) if (await isThere(database + end)) await copyFile(database + end, copy + end)
  const db = new DatabaseSync(copy)
  try {
    const asked = db.prepare('SELECT state, callback_code, callback_due_ms, callback_tries FROM upload_task WHERE id = ?')
    const row = asked.get(task?.taskId ?? 0)
    if (!row) return 'none'
    if (row.state !== 'stored') return String(row.state)
    if (row.callback_due_ms === null) return 'stored, told'
    return row.callback_tries === 0 ? 'stored, untold' : 'stored, being told'
  } finally {
    db.close()
    await rm(folder, { recursive: true })
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
