import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The folder itself, or the nearest above it that is there: what can be known of a folder before it is made. */
export function nearestFolder(folder: string): string {
  let path = resolve(folder)
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  return path
}
