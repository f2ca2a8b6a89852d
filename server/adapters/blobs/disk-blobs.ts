import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, realpath, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobInfo, BlobRange, Blobs, WriteOptions } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { asideFolder, openAside, sweepAside } from './disk-aside.ts'
import { listDisk } from './disk-list.ts'
import { openDiskSpace, type SpaceOptions } from './disk-space.ts'
import { forgetFolder, place, syncFolder } from './durable.ts'
import { codeOf, cutShort, full, notFound } from './errors.ts'
import { checkName, checkPrefix, mostListed } from './names.ts'
import { pour } from './pour.ts'

/** One read of the disk, and what a slow reader holds of memory. */
const readBytes = 256 << 10

export async function openDiskBlobs(parts: { folder: string; clock: Clock; log: Log } & SpaceOptions): Promise<Blobs> {
  const { clock, log } = parts
  await mkdir(join(parts.folder, asideFolder), { recursive: true })
  const root = await realpath(parts.folder)
  const space = openDiskSpace({ ...parts, folder: root, ballastPath: join(root, '+ballast') })
  await sweepAside(root, { nowMs: clock.now(), log })

  const pathOf = (name: string) => join(root, checkName(name))

  const write = async (name: string, source: AsyncIterable<Uint8Array>, options: WriteOptions = {}) => {
    const path = pathOf(name)
    await checkFolder(root, dirname(path))
    let lookAtBytes = nextLook(0, await space.need(options.expect?.size ?? 0))
    const onGathered = async (sizeBytes: number) => {
      if (sizeBytes >= lookAtBytes) lookAtBytes = nextLook(sizeBytes, await space.need(0))
    }
    const aside = await openAside(root).catch(toFull)
    try {
      const written = await pourAndClose(aside.file, source, { ...options, onGathered })
      await place(aside.path, path, root)
      return written
    } catch (error) {
      await rm(aside.path, { force: true })
      return toFull(error)
    }
  }

  return {
    write,
    read: (name, options = {}) => readFile(root, pathOf(name), { name, ...options }),
    async find(name): Promise<BlobInfo | undefined> {
      const path = pathOf(name)
      const found = await lstat(path).catch(undefinedWhereNone)
      if (!found?.isFile() || !(await isInside(dirname(path)))) return undefined
      return { name, size: found.size, modifiedMs: Math.floor(found.mtimeMs) }
    },
    async list(prefix, { after = '', limit = mostListed } = {}) {
      const most = Math.min(limit, mostListed)
      const items = await listDisk(root, { prefix: checkPrefix(prefix), after, limit: most })
      return { items, next: items.length === most ? items.at(-1)?.name : undefined }
    },
    async delete(names) {
      const paths = names.map(pathOf)
      for (const path of paths) {
        if (await isInside(dirname(path))) await rm(path, { force: true })
      }
      for (const folder of new Set(paths.map(dirname))) await tidyFolder(root, folder)
    },
    freeBytes: () => space.freeBytes(),
    local: {
      pathOf,
      async adopt(from, name) {
        const to = pathOf(name)
        await checkFolder(root, dirname(to))
        await syncFile(from)
        await place(from, to, root)
        await syncFolder(dirname(from))
      },
    },
    remote: undefined,
    async close() {
      space.close()
    },
  }
}

/** While a blob is written the room is looked at again, the more often the less there is: others write too. */
function nextLook(sizeBytes: number, freeBytes: number): number {
  return sizeBytes + Math.min(32 << 20, freeBytes / 4)
}

async function pourAndClose(file: FileHandle, source: AsyncIterable<Uint8Array>, options: Parameters<typeof pour>[2]) {
  try {
    const written = await pour(file, source, options)
    await file.datasync()
    return written
  } finally {
    await file.close()
  }
}

async function* readFile(
  root: string,
  path: string,
  { name, range, signal }: { name: string; range?: BlobRange; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted()
  if (!(await isInside(dirname(path)))) throw notFound()
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error) => {
    throw ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error) ?? '') ? notFound(error) : error
  })
  try {
    const found = await file.stat()
    if (!found.isFile()) throw notFound()
    const end = Math.min(range?.end ?? found.size, found.size)
    for (let at = range?.start ?? 0; at < end; ) {
      signal?.throwIfAborted()
      const buffer = Buffer.allocUnsafeSlow(Math.min(readBytes, end - at))
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, at)
      if (bytesRead === 0) throw cutShort(name)
      at += bytesRead
      yield bytesRead === buffer.byteLength ? buffer : buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Our own folders hold no links: one that leads elsewhere was put there by somebody else, and nothing behind it is ours. */
async function isInside(folder: string): Promise<boolean> {
  return (await realpath(folder).catch(undefinedWhereNone)) === folder
}

/** The part of the way that exists must be ours; the rest will be made. */
async function checkFolder(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== root; at = dirname(at)) {
    const real = await realpath(at).catch(undefinedWhereNone)
    if (real === at) return
    if (real !== undefined) throw new Error(`${at} leads out of the folder of blobs, to ${real}.`)
  }
}

/** Folders are removed with their last blob; the deletions are durable. */
async function tidyFolder(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== root; at = dirname(at)) {
    try {
      forgetFolder(at)
      await rmdir(at)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') continue
      if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) return syncFolder(at).catch(undefinedWhereNone)
      throw error
    }
  }
  await syncFolder(root)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is not a file.`)
    await file.datasync()
  } finally {
    await file.close()
  }
}

function undefinedWhereNone(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
  throw error
}

function toFull(error: unknown): never {
  throw codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT' ? full(error) : error
}
