import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** When each source was last changed before it was packed, and the hash of what it held. */
type Packed = { installedMs: number; sources: Record<string, [changedMs: number, hash: string]> }

/**
 * Where the server lies packed into a few files (scripts/pack-server.mjs), which start sooner than some hundred; nothing where it has not been
 * packed, or a source or the installed packages have changed since: then it is run as it lies.
 */
export function findPacked(root: string): string | undefined {
  try {
    const folder = join(root, 'dist/server')
    const { installedMs, sources } = JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8')) as Packed
    if (msOf(join(root, 'node_modules/.package-lock.json')) !== installedMs) return undefined
    for (const [path, packed] of Object.entries(sources)) if (!isAsPacked(join(root, path), packed)) return undefined
    return pathToFileURL(join(folder, 'run.mjs')).href
  } catch {
    return undefined
  }
}

/** A copy of the checkout may have other times and the same content. */
function isAsPacked(path: string, [changedMs, hash]: [number, string]): boolean {
  return msOf(path) === changedMs || createHash('sha256').update(readFileSync(path)).digest('base64url') === hash
}

function msOf(path: string): number {
  return statSync(path).mtimeMs
}
