import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { BusinessServer } from '#server/features/uploads/business.ts'
import { createUploadService, type UploadServiceParts } from '#server/features/uploads/service.ts'
import { createUploadStore } from '#server/features/uploads/store.ts'
import { createCapturedLog } from './captured-log.ts'
import { openTaskDatabase, type TaskDatabase } from './task-database.ts'

/** The core of uploads without its doors, as often as processes would have it, over one root and one database: a given one is emptied. */
export async function openUploadsCore(
  more: Partial<BusinessServer> = {},
  { database: given, ...parts }: Partial<UploadServiceParts> & { database?: TaskDatabase } = {},
) {
  await using opened = new AsyncDisposableStack()
  const database = given ?? opened.use(await openTaskDatabase())
  await database.db.commit([database.db.build.deleteFrom('upload_task')])
  const folder = await mkdtemp(join(tmpdir(), 'matinee-core-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const root = join(folder, 'root')
  const server = coreServer(root, more)
  const store = createUploadStore(database.db.pick())
  const common = { store, clock: systemClock, log: createCapturedLog(), signKey: randomBytes(32), business: () => [server] }
  const closing = opened.move()
  return {
    folder,
    root,
    store,
    async process(own: Partial<UploadServiceParts> = {}) {
      const service = createUploadService({ ...common, ...parts, ...own })
      closing.use(await service.start())
      return service
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

export const coreServer = (root: string, more: Partial<BusinessServer> = {}): BusinessServer => ({
  ...{ name: 'demo', token: 'xxxxx', notifyUrl: '', roots: [root], maxFileSize: 2 ** 41, quota: Number.POSITIVE_INFINITY },
  ...{ blockLimit: 2 ** 26, idleDays: 7, instant: false, md5: 'late', hear: async () => {} },
  ...more,
})

export const askedFor = (root: string, fileName: string, fileSize: number) => ({
  ...{ token: 'xxxxx', userId: '1', storePath: join(root, 'films'), fileName, fileSize },
})

export function blockOf(bytes: Uint8Array, startByte: number, endByte: number) {
  const block = Buffer.from(bytes.subarray(startByte, endByte))
  const partMd5 = createHash('md5').update(block).digest('hex')
  const pieces = async function* () {
    yield block
  }
  return { startByte, endByte, partMd5, bytes: pieces(), abort: () => {} }
}
