import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'

/** MD5 of a range of a file; or MD5 and SHA-256 of its first bytes, going on from where the last asking ended. */
export type HashWork =
  | { kind: 'range'; path: string; start: number; end: number }
  | { kind: 'first'; key: string; path: string; end: number }
  | { kind: 'forget'; key: string }

export type HashResult = { md5: string; sha256: string }

type Running = { md5: Hash; sha256: Hash; at: number }

const running = new Map<string, Running>()
const buffer = Buffer.allocUnsafe(1 << 20)

function* bytesOf(path: string, start: number, end: number): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    for (let at = start; at < end; ) {
      const count = readSync(file, buffer, 0, Math.min(buffer.length, end - at), at)
      if (count === 0) throw new Error('the file is shorter than it should be')
      at += count
      yield buffer.subarray(0, count)
    }
  } finally {
    closeSync(file)
  }
}

function work(asked: HashWork): HashResult {
  if (asked.kind === 'forget') {
    running.delete(asked.key)
    return { md5: '', sha256: '' }
  }
  if (asked.kind === 'range') {
    const md5 = createHash('md5')
    for (const bytes of bytesOf(asked.path, asked.start, asked.end)) md5.update(bytes)
    return { md5: md5.digest('hex'), sha256: '' }
  }
  const known = running.get(asked.key) ?? { md5: createHash('md5'), sha256: createHash('sha256'), at: 0 }
  running.delete(asked.key)
  for (const bytes of bytesOf(asked.path, known.at, asked.end)) {
    known.md5.update(bytes)
    known.sha256.update(bytes)
    known.at += bytes.length
  }
  running.set(asked.key, known)
  return { md5: known.md5.copy().digest('hex'), sha256: known.sha256.copy().digest('hex') }
}

parentPort?.on('message', ({ id, asked }: { id: number; asked: HashWork }) => {
  try {
    parentPort?.postMessage({ id, result: work(asked) })
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) })
  }
})
