import { enableCompileCache } from 'node:module'
import { resolve } from 'node:path'
import type * as commands from './cli/run.ts'

const major = Number(process.versions.node.split('.')[0])
if (major < 26) {
  process.stderr.write(
    `Matinee runs on the Node that its packages bring (26), not on ${process.version}. Start it with ./matinee, or run npm install without --omit=optional first.\n`,
  )
  process.exit(1)
}

// ./matinee has it on already, for this file too.
enableCompileCache()
const { findPacked } = await import('./packed.ts')
const packed = findPacked(resolve(import.meta.dirname, '..'))
const { runCommand } = packed ? ((await import(packed)) as typeof commands) : await import('./cli/run.ts')
process.exit(await runCommand(process.argv.slice(2)))
