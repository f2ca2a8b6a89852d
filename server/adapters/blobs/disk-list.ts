import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobInfo } from '#server/ports/blobs.ts'
import { codeOf } from './errors.ts'

const wellFormed = /^[a-z0-9._-]+$/

/** Up to `limit` blobs whose names begin with `prefix` and come after `after`, in the order of the names' bytes. */
export async function listDisk(root: string, filter: { prefix: string; after: string; limit: number }): Promise<BlobInfo[]> {
  const { prefix, after, limit } = filter
  const items: BlobInfo[] = []
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  for await (const name of namesBelow(root, start, { prefix, after })) {
    const found = await lstat(join(root, name)).catch(() => undefined)
    if (!found?.isFile()) continue
    items.push({ name, size: found.size, modifiedMs: Math.floor(found.mtimeMs) })
    if (items.length === limit) break
  }
  return items
}

async function* namesBelow(root: string, folder: string, filter: { prefix: string; after: string }): AsyncGenerator<string> {
  const entries = (await entriesOf(join(root, folder)))
    .filter((entry) => wellFormed.test(entry.name) && (entry.isDirectory() || entry.isFile()))
    // A folder sorts as what stands in it: "a-b" before "a/b" before "a0".
    .map((entry) => ({ isFolder: entry.isDirectory(), name: folder + entry.name + (entry.isDirectory() ? '/' : '') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { name, isFolder } of entries) {
    if (isFolder) {
      const mayHoldPrefix = name.startsWith(filter.prefix) || filter.prefix.startsWith(name)
      const mayComeAfter = name > filter.after || filter.after.startsWith(name)
      if (mayHoldPrefix && mayComeAfter) yield* namesBelow(root, name, filter)
    } else if (name.startsWith(filter.prefix) && name > filter.after) yield name
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    // Removed meanwhile, or never there.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}
