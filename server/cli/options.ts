import { existsSync } from 'node:fs'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { Origin } from '#server/config/load.ts'
import { type Terminal, UsageError } from './verb.ts'

const common = {
  config: { type: 'string', short: 'c' },
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  roles: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const

/** The flags that every command knows; the common ones are names of keys of the configuration. */
const keyOf = { data: 'dataDir', port: 'http.port', host: 'http.host', roles: 'roles' } as const

export const commonHelp = `
  -c, --config FILE   the configuration (conf/matinee.yaml when it is there)
  --data DIR          where everything that must last lies
  --set KEY=VALUE     any other key; matinee help config lists them`

const usualFile = 'conf/matinee.yaml'

export type Options = { origin: Origin; values: Record<string, unknown>; positionals: string[] }

/**
 * Reads the words after a command: common flags become the origin of the configuration, the command's own are `values`. More than `most` words
 * without a flag are refused: a word that nobody reads is one that somebody meant.
 */
export function readOptions(
  argv: string[],
  terminal: Terminal,
  own: ParseArgsOptionsConfig = {},
  most = Number.POSITIVE_INFINITY,
): Options {
  const { values, positionals } = parse(argv, { ...common, ...own })
  refuseMore(positionals, most)
  const flags = new Map<string, string>()
  for (const [flag, key] of Object.entries(keyOf)) {
    const value = values[flag]
    if (typeof value === 'string') flags.set(key, value)
  }
  for (const pair of (values.set as string[] | undefined) ?? []) {
    const at = pair.indexOf('=')
    if (at < 1) throw new UsageError(`--set takes KEY=VALUE, not ${pair}.`)
    flags.set(pair.slice(0, at), pair.slice(at + 1))
  }
  const named = (values.config as string | undefined) ?? terminal.environment.MATINEE_CONFIG
  const file = named ?? (existsSync(usualFile) ? usualFile : undefined)
  return { origin: { file, environment: terminal.environment, flags }, values, positionals }
}

export function refuseMore(words: readonly string[], most: number): void {
  if (words.length > most) throw new UsageError(`There is a word too many: ${words[most]}.`)
}

function parse(argv: string[], options: ParseArgsOptionsConfig): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
