import { dirname } from 'node:path'
import { BrokenBackup, HalfRestored, NewerSchema, NotEmpty, SchemaChanged, StillInUse } from '#server/database/errors.ts'
import { Problem } from '#server/lib/problem.ts'

/** What stands in the way, in a sentence for whoever typed the command. */
export class Refused extends Error {}

const known = [Refused, BrokenBackup, HalfRestored, NewerSchema, NotEmpty, SchemaChanged, StillInUse]
const ofTheSystem: Record<string, string> = {
  ENOENT: 'is not there',
  EACCES: 'may not be read or written by you',
  EPERM: 'may not be read or written by you',
  EISDIR: 'is a folder',
  ENOTDIR: 'lies below something that is no folder',
  ENOSPC: 'has no room left',
  EROFS: 'is on a disk that nobody may write to',
}

/** The sentence of an error that a person can act on; undefined: it is a bug, or a Problem, which has its texts elsewhere. */
export function sentenceOf(error: unknown, path: string): string | undefined {
  if (!(error instanceof Error) || error instanceof Problem) return undefined
  if (known.some((kind) => error instanceof kind))
    return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`.replace(/([.?!])\.$/, '$1')
  const what = 'code' in error ? ofTheSystem[String(error.code)] : undefined
  if (what === undefined) return undefined
  const at = 'path' in error ? String(error.path) : path
  // A file that is written aside first has a name that nobody typed: it is its folder that does not take it.
  return `${at.startsWith(`${path}.`) ? dirname(path) : at} ${what}.`
}
