import { createHmac, timingSafeEqual } from 'node:crypto'
import { type ByteRanges, missingRanges, parseRangesText } from '#server/lib/byte-ranges.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { Arrivals } from './arrivals.ts'
import type { Aside, BusinessServer } from './business.ts'
import { sendDueCallbacks } from './callbacks.ts'
import { createDesk } from './desk.ts'
import { Duties } from './duties.ts'
import { finishTask, knownBlob, owedCallback, type ReadKnown } from './finish.ts'
import { dropForgotten } from './form.ts'
import { Hashing } from './hashing.ts'
import { Intake } from './intake.ts'
import { createOpening, toMd5 } from './open-task.ts'
import { asideFolderOf, asideOf, dropAside, type Reserve, usualReserve } from './places.ts'
import { Slabs } from './slabs.ts'
import { refuse } from './refusal.ts'
import { Rounds } from './rounds.ts'
import type { TaskRow, UploadStore } from './store.ts'
import { type Run, takeRun } from './take-run.ts'
import { type Block, countWritten, standing, takeBlock, type WrittenRange } from './take-block.ts'
import { createTasks, toWhole } from './tasks.ts'

export type UploadService = ReturnType<typeof createUploadService>
export type UploadServiceParts = {
  store: UploadStore
  clock: Clock
  log: Log
  signKey: Uint8Array
  business: () => readonly BusinessServer[]
  readKnown?: ReadKnown
  /** Unless told otherwise, the usual one. */
  reserve?: Reserve
}

const lookEveryMs = 1000
const finishAgainMs = 10_000
const day = 86_400_000
const nothingKnown: ReadKnown = () => {
  throw new Error('this house knows no files')
}

export function createUploadService({
  store,
  clock,
  log,
  signKey,
  business,
  reserve = usualReserve,
  readKnown = nothingKnown,
}: UploadServiceParts) {
  const tasks = createTasks({ store, clock, changed: (row, before) => serverOf(row)?.changed?.(row, { before, aside }) })
  const slabs = new Slabs()
  const hashing = new Hashing(slabs)
  const intake = new Intake(slabs, hashing)
  const arrivals = new Arrivals()
  const rounds = new Rounds<number, WrittenRange>((written) => countWritten({ tasks, held }, written))
  const take = { tasks, arrivals, intake, rounds, clock, reserve }
  const finishing = new Map<number, Promise<void>>()
  const sending = new Map<number, Promise<void>>()
  const duties = new Duties()
  const aside: Aside = (work) =>
    void duties.begin(
      () => work(duties.signal),
      (error) => log.warn('uploads.aside_failed', { error }),
    )
  const ring = () => void duties.begin(look, (error) => log.error('uploads.callbacks_failed', { error }))

  function finish(id: number): void {
    if (finishing.has(id)) return
    const work = () =>
      finishTask({ store, tasks, hashing, clock, log, ring, readKnown, signal: duties.signal }, id).finally(() => finishing.delete(id))
    // A disk that is full now has room by and by.
    const failed = (error: unknown) => {
      log.error('uploads.finish_failed', { taskId: id, error })
      clock.after(finishAgainMs, () => finish(id))
    }
    const done = duties.begin(work, failed)
    if (done) finishing.set(id, done)
  }

  /** Bytes from the start are hashed while the rest arrives. */
  function held(row: TaskRow): void {
    if (row.state === 'verifying') return finish(row.id)
    const [first] = row.state === 'open' ? parseRangesText(row.held) : []
    if (first) serverOf(row)?.grew?.(row)
    if (first?.start === 0) hashing.first(toWhole(row), asideOf(row.root, row.id), first.end).catch(() => {})
  }

  async function look(): Promise<void> {
    await sendDueCallbacks({ store, business, clock, log, sending, signal: duties.signal })
  }

  async function isNeeded(taskId: number): Promise<boolean> {
    const row = await store.find(taskId)
    return row !== undefined && row.state !== 'stored' && row.state !== 'cancelled'
  }

  async function expire(): Promise<void> {
    for (const server of business()) {
      for (const row of await store.listIdle(server.name, clock.now() - server.idleDays * day)) {
        const text = `Nothing came for ${server.idleDays} days: the upload was cancelled.`
        await cancel(row, 'idle', text)
      }
    }
  }

  async function cancel(row: TaskRow, why: 'asked' | 'idle', text: string): Promise<void> {
    const owed = () => (row.kind === 'part' ? {} : owedCallback(clock, '2', text))
    const moved = await tasks.move(row.id, { kind: 'cancel', why }, owed)
    if (!moved) refuse('over', 'The file is stored already: it can not be cancelled any more.')
    await letGo(row)
    ring()
  }

  async function letGo({ id, root }: Pick<TaskRow, 'id' | 'root'>): Promise<void> {
    await arrivals.endAll(id)
    await hashing.forget(String(id))
    await dropAside(root, id)
  }

  /** upload-protocol, "MD5 not known yet": it may be told after the last block. As long as the file stands where we put it, it is compared. */
  async function checkLate(row: TaskRow, fileMd5: unknown): Promise<void> {
    const told = toMd5(fileMd5)
    if (told === null) return
    await finishing.get(row.id)
    const path = row.md5 === null ? await standing(row) : undefined
    const known = path === undefined ? row.md5 : (await hashing.first({ key: String(row.id), hasMd5: true }, path, row.size)).md5
    if (path !== undefined) await hashing.forget(String(row.id))
    // What is known of it finds it again.
    if (known === told && row.md5 === null) await store.change(await tasks.get(row.id), { md5: told })
    if (known !== null && known !== told) refuse('differs', `The whole file has the MD5 ${known}, and not ${told}.`)
  }

  const serverOf = (row: Pick<TaskRow, 'server'>) => business().find(({ name }) => name === row.server)
  const sign = (id: number) => createHmac('sha256', signKey).update(`upload-task ${id}`).digest('base64url')
  const openTask = createOpening({ store, clock, business, reserve, finish })

  return {
    openTask,
    get: tasks.get,
    sign,

    /** upload-protocol, "Auth": knowing a taskId is not enough. */
    checkSignature(id: number, shown: string): void {
      const [own, theirs] = [Buffer.from(sign(id)), Buffer.from(shown)]
      if (own.length !== theirs.length || !timingSafeEqual(own, theirs))
        refuse('unknown', 'There is no such task. Use the URLs as the opening answered them.')
    },

    blockLimits: (row: TaskRow) => ({
      limitBytes: serverOf(row)?.blockLimit ?? 2 ** 26,
      asideFolder: asideFolderOf(row.root),
    }),
    takeBlock: (taskId: number, block: Block) => takeBlock(take, taskId, block),
    takeRun: (taskId: number, run: Run) => takeRun(take, taskId, run),
    expiresMs: (row: TaskRow) => row.touched_ms + (serverOf(row)?.idleDays ?? 7) * day,
    maxFileSize: (row: Pick<TaskRow, 'server'>) => serverOf(row)?.maxFileSize ?? 2 ** 41,

    missing(row: TaskRow): ByteRanges {
      if (row.state !== 'open' && row.state !== 'paused') return []
      return missingRanges(parseRangesText(row.held), { start: 0, end: row.size })
    },

    async setState(id: number, status: unknown, fileMd5: unknown): Promise<void> {
      const row = await tasks.get(id)
      if (row.state === 'cancelled') refuse('cancelled', 'The task is cancelled: ask the business server for a new one.')
      if (status === 'cancel') return cancel(row, 'asked', 'The upload was cancelled.')
      if (status !== 'pause' && status !== 'upload') refuse('request', 'status must be "pause", "upload" or "cancel".')
      const isWaiting = row.state === 'open' || row.state === 'paused'
      if (!isWaiting) return await checkLate(row, fileMd5)
      const md5 = row.md5 ?? toMd5(fileMd5)
      await tasks.move(id, { kind: status === 'pause' ? 'pause' : 'resume' }, () => ({ md5 }))
    },

    /** The same file stands among the blobs already. False: too late, the upload is over. */
    async bringKnown(id: number, { blob, md5 }: { blob: string; md5: string | undefined }): Promise<boolean> {
      const known = md5 === undefined ? { known_path: knownBlob(blob), leaving: null } : { known_path: knownBlob(blob), leaving: null, md5 }
      const moved = await tasks.move(id, { kind: 'known' }, () => known)
      if (moved) finish(id)
      return moved !== undefined
    },

    /** For whom it was is no longer there: nobody is told. False: too late, it is over. */
    async withdraw(id: number): Promise<boolean> {
      const moved = await tasks.move(id, { kind: 'cancel', why: 'gone' })
      if (moved) await letGo(moved)
      return moved !== undefined
    },

    listUnfinished: (server: string, userId: string) => store.listUnfinished(server, userId),

    /** What a business server may know of its uploads, and have sent again. */
    desk: createDesk({ store, clock, business, ring }),

    /** Resolves when a task whose bytes are all held is stored, and its callback was sent once. */
    async settle(id: number): Promise<void> {
      await finishing.get(id)
      await duties.begin(look, (error) => log.error('uploads.callbacks_failed', { error }))
      await sending.get(id)
    },

    /** Goes on with what a former process left between two steps, and looks after callbacks and idle tasks from now on. */
    async start(): Promise<AsyncDisposable> {
      let timer = clock.after(0, () => {})
      for (const { roots } of business())
        for (const root of roots) await dropForgotten(asideFolderOf(root), { nowMs: clock.now(), isNeeded })
      for (const state of ['verifying', 'verified'] as const) for (const { id } of await store.listIn(state)) finish(id)
      const again = () => {
        const lookAfterAll = async () => void (await Promise.all([look(), expire()]))
        const looked = duties.begin(lookAfterAll, (error) => log.error('uploads.look_failed', { error }))
        void looked?.then(() => {
          if (!duties.signal.aborted) timer = clock.after(lookEveryMs, again)
        })
      }
      again()
      return {
        // [U8] What is not done by now, the rows owe to the next process.
        async [Symbol.asyncDispose]() {
          duties.stop()
          timer.cancel()
          await Promise.all([intake.close(), hashing.close()])
          await duties.ended()
        },
      }
    },
  }
}
