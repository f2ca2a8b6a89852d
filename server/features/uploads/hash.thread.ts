import { createHash, type Hash } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { toThreadError } from './thread.ts'

/**
 * The digests of a file's first bytes. `piece`: bytes on their way to the disk, from where the last one ended, of the block that begins at `block`;
 * they count for nothing until `first` asks for them. `wrong`: the block was none.
 */
export type HashWork =
  | { kind: 'piece'; key: string; block: number; at: number; from: number; length: number; hasMd5: boolean }
  | { kind: 'wrong'; key: string; block: number }
  | { kind: 'first'; key: string; path: string; end: number; hasMd5: boolean }
  | { kind: 'forget'; key: string }

export type HashResult = { md5: string; sha256: string }

type Digests = { md5: Hash | undefined; sha256: Hash; at: number }
/** `before`: as it was when a block began that may yet be wrong. */
type Running = Digests & { before: Map<number, Digests> }

const { memory } = workerData as { memory: SharedArrayBuffer }
const arrived = new Uint8Array(memory)
const running = new Map<string, Running>()
const own = new Uint8Array(new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true }).buffer)
const sector = 4096

const none = (hasMd5: boolean): Running => ({
  md5: hasMd5 ? createHash('md5') : undefined,
  sha256: createHash('sha256'),
  at: 0,
  before: new Map(),
})
const copyOf = ({ md5, sha256, at }: Digests): Digests => ({ md5: md5?.copy(), sha256: sha256.copy(), at })

function add(digests: Digests, bytes: Uint8Array): void {
  digests.md5?.update(bytes)
  digests.sha256.update(bytes)
  digests.at += bytes.length
}

function take({ key, block, at, from, length, hasMd5 }: Extract<HashWork, { kind: 'piece' }>): void {
  const known = running.get(key) ?? none(hasMd5)
  // A thread that was started again has forgotten what came before, and will read it.
  if (known.at !== at) return
  running.set(key, known)
  if (at === block && !known.before.has(block)) known.before.set(block, copyOf(known))
  add(known, arrived.subarray(from, from + length))
}

function goBack({ key, block }: Extract<HashWork, { kind: 'wrong' }>): void {
  const known = running.get(key)
  const before = known?.before.get(block)
  if (!known || !before) return
  for (const start of known.before.keys()) if (start >= block) known.before.delete(start)
  Object.assign(known, before)
}

function first({ key, path, end, hasMd5 }: Extract<HashWork, { kind: 'first' }>): HashResult {
  const known = running.get(key) ?? none(hasMd5)
  running.delete(key)
  for (const start of known.before.keys()) if (start < end) known.before.delete(start)
  if (known.at < end) for (const bytes of bytesOf(path, known.at, end)) add(known, bytes)
  running.set(key, known)
  // Bytes that are no more than on their way are beyond `end`; then nobody asks for the digests.
  if (known.at !== end) return { md5: '', sha256: '' }
  return { md5: hasMd5 ? md5Of(known, path, end) : '', sha256: known.sha256.copy().digest('hex') }
}

/** Told late: it has to be read once more. */
function md5Of({ md5 }: Digests, path: string, end: number): string {
  if (md5) return md5.copy().digest('hex')
  const late = createHash('md5')
  for (const bytes of bytesOf(path, 0, end)) late.update(bytes)
  return late.digest('hex')
}

/** Past the cache of the system where that can be done: nobody reads these bytes again soon. */
function* bytesOf(path: string, start: number, end: number): Generator<Uint8Array> {
  const file = openToRead(path)
  try {
    for (let at = start; at < end; ) {
      const skipped = at % sector
      const count = readSync(file, own, 0, own.length, at - skipped) - skipped
      if (count <= 0) throw new Error('the file is shorter than it should be')
      const bytes = own.subarray(skipped, skipped + Math.min(count, end - at))
      at += bytes.length
      yield bytes
    }
  } finally {
    closeSync(file)
  }
}

function openToRead(path: string): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW
  try {
    const file = openSync(path, flags | constants.O_DIRECT)
    try {
      readSync(file, own, 0, sector, 0)
      return file
    } catch {
      closeSync(file)
    }
  } catch {
    // The file system has no such way.
  }
  return openSync(path, flags)
}

function work(asked: HashWork): HashResult | undefined {
  if (asked.kind === 'piece') take(asked)
  else if (asked.kind === 'wrong') goBack(asked)
  else if (asked.kind === 'forget') running.delete(asked.key)
  else return first(asked)
  return undefined
}

parentPort?.on('message', ({ id, asked }: { id: number; asked: HashWork }) => {
  try {
    parentPort?.postMessage({ id, result: work(asked) })
  } catch (error) {
    parentPort?.postMessage({ id, error: toThreadError(error) })
  }
})
