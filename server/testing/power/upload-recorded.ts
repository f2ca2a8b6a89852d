import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createUploadService } from '#server/features/uploads/service.ts'
import { createUploadStore, type TaskChange, type TaskRow, type UploadStore } from '#server/features/uploads/store.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { createChance } from '#server/lib/seed.ts'
import { createCapturedLog } from '../captured-log.ts'
import { openTaskDatabase } from '../task-database.ts'
import { askedFor, blockOf, coreServer } from '../uploads-core.ts'
import type { DiskAct } from './disk-acts.ts'
import { fileOf } from './file-of.ts'

// node --import record-disk.ts upload-recorded.ts FOLDER SEED FILES: uploads files, as clients do, while everything is recorded.
const [folder = '', seed = '1', files = '3'] = process.argv.slice(2)
const { noteAct: note } = globalThis as unknown as { noteAct(act: DiskAct): void }
const chance = createChance(Number(seed))
const root = join(folder, 'root')
await mkdir(folder, { recursive: true })
const database = await openTaskDatabase()

function recorded(store: UploadStore): UploadStore {
  let commits = 0
  return {
    ...store,
    async add(row: TaskRow) {
      const number = ++commits
      note({ act: 'commit begins', number, row })
      await store.add(row)
      note({ act: 'commit ends', number, row })
    },
    async change(row: TaskRow, change: TaskChange) {
      const number = ++commits
      const next = { ...row, ...change, version: row.version + 1 }
      note({ act: 'commit begins', number, row: next })
      const isDone = await store.change(row, change)
      // One that was too late is none: as if the row had been committed again as it is.
      note({ act: 'commit ends', number, row: isDone ? next : ((await store.find(row.id)) ?? row) })
      return isDone
    },
  }
}

const server = coreServer(root, {
  instant: true,
  hear: async ({ id, state }) => void (state === 'stored' && note({ act: 'told', told: 'stored', id })),
})
const parts = { clock: systemClock, log: createCapturedLog(), signKey: Buffer.alloc(32), business: () => [server] }
const service = createUploadService({ ...parts, store: recorded(createUploadStore(database.db.pick())) })
const running = await service.start()

async function upload(n: number): Promise<void> {
  // The last is known already, by its digest.
  const bytes = fileOf(Number(seed), n === Number(files) - 1 ? 0 : n)
  const md5 = createHash('md5').update(bytes).digest('hex')
  const { id } = await service.openTask({ ...askedFor(root, `${n}`, bytes.length), fileMd5: md5 })
  note({ act: 'told', told: 'opened', id })
  const cuts = [...new Set([0, bytes.length, ...Array.from({ length: 8 }, () => chance.whole(0, bytes.length))])].toSorted((a, b) => a - b)
  const blocks = cuts.slice(1).map((end, at) => ({ start: cuts[at] ?? 0, end }))
  blocks.sort(() => chance.next() - 0.5)
  const line = async () => {
    for (let block = blocks.pop(); block; block = blocks.pop()) {
      if (chance.next() < 0.2)
        await service.takeBlock(id, { ...blockOf(bytes, block.start, block.end), partMd5: '0'.repeat(32) }).catch(() => {})
      const taken = await service.takeBlock(id, blockOf(bytes, block.start, block.end))
      if (taken.taken) note({ act: 'told', told: 'held', id, ...block })
    }
  }
  if ((await service.get(id)).state === 'open') await Promise.all([line(), line(), line()])
  await service.settle(id)
}

for (let n = 0; n < Number(files); n++) await upload(n)
await running[Symbol.asyncDispose]()
await database[Symbol.asyncDispose]()
