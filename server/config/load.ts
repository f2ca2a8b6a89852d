import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { type Complaint, checkConfig, unknownKeys } from './check.ts'
import { type Config, eachKey } from './keys.ts'
import { fromEnvironment, fromFlags, fromTree, type Source } from './sources.ts'

export type Origin = {
  /** The YAML file; undefined: none. */
  file: string | undefined
  environment: Readonly<Record<string, string | undefined>>
  flags: ReadonlyMap<string, string>
}

/** The configuration is wrong: every complaint, each with its key and what it accepts. */
export class ConfigError extends Error {
  readonly complaints: readonly Complaint[]
  constructor(complaints: readonly Complaint[]) {
    const lines = complaints.map(({ key, source, text }) => `  ${key} ${text}${source === 'together' ? '' : ` (${source})`}`)
    super(`The configuration has ${complaints.length === 1 ? 'one mistake' : `${complaints.length} mistakes`}:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
    this.complaints = complaints
  }
}

/** Reads file, environment and flags, in this order of growing weight; throws ConfigError with all complaints at once. */
export function loadConfig(origin: Origin): Config {
  const sources: Source[] = []
  const complaints: Complaint[] = []
  if (origin.file !== undefined) {
    const { tree, wrong } = readTree(origin.file)
    complaints.push(...wrong, ...unknownKeys(tree, origin.file))
    sources.push(fromTree(origin.file, tree))
  }
  sources.push(fromEnvironment(origin.environment), fromFlags(origin.flags))
  complaints.push(...strangeFlags(origin.flags))
  const checked = checkConfig(sources)
  complaints.push(...checked.complaints)
  if (complaints.length > 0) throw new ConfigError(complaints)
  return checked.config
}

function readTree(file: string): { tree: unknown; wrong: Complaint[] } {
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return { tree: undefined, wrong: [{ key: file, source: 'together', text: `can not be read (${why})` }] }
  }
  const document = parseDocument(source)
  const wrong = document.errors.map((error) => ({
    key: file,
    source: 'together',
    text: `is not YAML: ${error.message.split('\n')[0] ?? ''}`,
  }))
  return { tree: wrong.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }), wrong }
}

function strangeFlags(flags: ReadonlyMap<string, string>): Complaint[] {
  const known = new Set([...eachKey()].map(({ path }) => path.join('.')))
  return [...flags.keys()]
    .filter((name) => !known.has(name))
    .map((name) => ({ key: name, source: 'flag', text: 'is not a key of Matinee' }))
}

/** Relative paths of the configuration are seen from the folder the program was started in. */
export function pathsOf(config: Config): { data: string; blobs: string; secrets: string; database: string } {
  const data = resolve(config.dataDir)
  const under = (path: string, otherwise: string) => (path === '' ? resolve(data, otherwise) : resolve(path))
  const sqlite = config.database.url.startsWith('sqlite:') ? config.database.url.replace(/^sqlite:(\/\/)?/, '') : ''
  return {
    data,
    blobs: under(config.blobs.path, 'blobs'),
    secrets: under(config.secrets.file, 'secrets.json'),
    database: under(sqlite, 'matinee.db'),
  }
}

export const folderOf = (file: string): string => dirname(resolve(file))
