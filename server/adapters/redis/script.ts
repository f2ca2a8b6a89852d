import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A command of our own: one Lua file, atomic in Redis, called by its hash. */
export type Script = { source: string; sha: string }

/** `readScript(import.meta.url, 'take.lua')` */
export function readScript(besides: string, file: string): Script {
  const source = readFileSync(new URL(file, besides), 'utf8')
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}
