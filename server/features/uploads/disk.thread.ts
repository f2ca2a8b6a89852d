import { createHash, type Hash } from 'node:crypto'
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { type ThreadError, toThreadError } from './thread.ts'

export type Span = readonly [start: number, end: number]

/** Bytes of one block, in their order. Without a path they are hashed and no more. `missing` are written, what lies between is held already and compared. */
export type DiskWork =
  | { kind: 'begin'; block: number; path: string | undefined; algorithm: string | undefined; isWritten: boolean }
  | { kind: 'piece'; block: number; from: number; length: number; at: number; missing: readonly Span[] }
  | { kind: 'end'; block: number }

export type DiskResult = { digest: string; differs: boolean }

type Open = {
  path: string | undefined
  file: number
  direct: number | undefined
  hash: Hash | undefined
  differs: boolean
  /** Told at the end: nothing of the block counts. */
  error: ThreadError | undefined
}

const { memory } = workerData as { memory: SharedArrayBuffer }
const arrived = new Uint8Array(memory)
const blocks = new Map<number, Open>()
const own = Buffer.allocUnsafe(2 ** 18)
/** What disks are written in. Bytes lie in memory as they will on the disk: at the same distance from such a boundary. */
const sector = 4096

function begin({ path, algorithm, isWritten }: Extract<DiskWork, { kind: 'begin' }>): Open {
  const open: Open = {
    path,
    file: -1,
    direct: undefined,
    hash: algorithm === undefined ? undefined : createHash(algorithm),
    differs: false,
    error: undefined,
  }
  if (path === undefined) return open
  try {
    open.file = openSync(path, (isWritten ? constants.O_RDWR : constants.O_RDONLY) | constants.O_NOFOLLOW)
  } catch (error) {
    open.error = toThreadError(error)
  }
  return open
}

function take(open: Open, { from, length, at, missing }: Extract<DiskWork, { kind: 'piece' }>): void {
  if (open.error) return
  const bytes = arrived.subarray(from, from + length)
  open.hash?.update(bytes)
  if (open.path === undefined) return
  let done = at
  for (const [start, end] of missing) {
    compare(open, bytes.subarray(done - at, start - at), done)
    write(open, bytes.subarray(start - at, end - at), start)
    done = end
  }
  compare(open, bytes.subarray(done - at), done)
}

/** Whole sectors go to the disk past the cache of the system, which would cost more than all else; what is left at both ends goes the usual way. */
function write(open: Open, bytes: Uint8Array, at: number): void {
  const start = Math.min(bytes.length, (sector - (at % sector)) % sector)
  const end = Math.max(start, bytes.length - ((at + bytes.length) % sector))
  if (end - start < sector || !writeDirect(open, bytes.subarray(start, end), at + start)) {
    writeAll(open.file, bytes, at)
    return
  }
  writeAll(open.file, bytes.subarray(0, start), at)
  writeAll(open.file, bytes.subarray(end), at + end)
}

/** False where the file system has no such way. */
function writeDirect(open: Open, bytes: Uint8Array, at: number): boolean {
  try {
    open.direct ??= openSync(open.path ?? '', constants.O_WRONLY | constants.O_DIRECT | constants.O_NOFOLLOW)
    if (open.direct === noWay) return false
    writeAll(open.direct, bytes, at)
    return true
  } catch (error) {
    if (toThreadError(error).code !== 'EINVAL') throw error
    if (open.direct !== undefined && open.direct !== noWay) closeSync(open.direct)
    open.direct = noWay
    return false
  }
}

const noWay = -1

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done)
}

function compare(open: Open, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length && !open.differs; ) {
    const count = readSync(open.file, own, 0, Math.min(own.length, bytes.length - done), at + done)
    if (count === 0 || own.compare(bytes, done, done + count, 0, count) !== 0) open.differs = true
    done += count
  }
}

function end(open: Open): DiskResult {
  for (const file of [open.file, open.direct]) if (file !== undefined && file !== noWay) closeSync(file)
  return { digest: open.hash?.digest('hex') ?? '', differs: open.differs }
}

function work(asked: DiskWork): DiskResult | undefined {
  const { block } = asked
  if (asked.kind === 'begin') {
    blocks.set(block, begin(asked))
    return undefined
  }
  const open = blocks.get(block)
  if (!open) throw new Error('the thread that had begun this block has died')
  if (asked.kind === 'piece') {
    try {
      take(open, asked)
    } catch (error) {
      open.error = toThreadError(error)
    }
    return undefined
  }
  blocks.delete(block)
  const done = end(open)
  if (open.error) throw Object.assign(new Error(open.error.message), { code: open.error.code })
  return done
}

parentPort?.on('message', ({ id, asked }: { id: number; asked: DiskWork }) => {
  try {
    parentPort?.postMessage({ id, result: work(asked) })
  } catch (error) {
    parentPort?.postMessage({ id, error: toThreadError(error) })
  }
})
