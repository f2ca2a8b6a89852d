import { resolve } from 'node:path'
import { checkBackup, missingBlobs, restore as bringBack } from '#server/compose/backup/restore.ts'
import type { Config } from '#server/config/keys.ts'
import { loadConfig } from '#server/config/load.ts'
import { NotEmpty } from '#server/database/errors.ts'
import { actOnFile, counted, countsOf } from './backup-words.ts'
import { commonHelp, readOptions } from './options.ts'
import { showProgress } from './progress.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const restore: Verb = {
  help: `
matinee restore FILE [OPTIONS]

Brings back the rows of a backup, of this version or an older one, on SQLite or MariaDB whichever made it; then compares the films and pictures
that lie in the store with what the backup says, and names those that are not there as they were. End Matinee first. Put back
secrets.json, and the films and pictures, before.

  --replace           also where there are rows already; they are kept, and it says where
  --check             only read the backup to its end and compare films and pictures: change nothing
  --quick             compare films and pictures by name and size, without reading them
${commonHelp}`,
  run,
}

const own = { replace: { type: 'boolean' }, check: { type: 'boolean' }, quick: { type: 'boolean' } } as const
const mostNames = 20

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, values, positionals } = readOptions(argv, terminal, own)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('matinee restore needs one FILE to read.')
  if (values.check === true && values.replace === true) throw new UsageError('--check changes nothing, so --replace does not go with it.')
  const config = loadConfig(origin)
  const path = resolve(file)
  const shown = showProgress(terminal)
  const { progress } = shown
  const stopped = 'Ended before it was done. What is half restored is refused by Matinee; restore again with --replace.'
  return actOnFile({ path, terminal, shown, stopped }, async () => {
    const kept = (aside: string) => {
      shown.clear()
      terminal.out(`What was there before lies at ${aside}.\n`)
    }
    const summary =
      values.check === true
        ? await checkBackup(config, { path, progress })
        : await bringBack(config, { path, replaces: values.replace === true, kept, progress }).catch(withRemedy)
    shown.clear()
    const made = new Date(summary.madeMs).toLocaleString()
    terminal.out(`${values.check === true ? 'Whole' : 'Back'}: ${countsOf(summary)}, as of ${made}.\n`)
    return sayFaults(config, { path, isThorough: values.quick !== true, shown }, terminal)
  })
}

function withRemedy(error: unknown): never {
  if (error instanceof NotEmpty) error.message += '. --replace keeps those aside and goes on'
  throw error
}

type Look = { path: string; isThorough: boolean; shown: ReturnType<typeof showProgress> }

async function sayFaults(config: Config, { path, isThorough, shown }: Look, terminal: Terminal): Promise<number> {
  const counts = { missing: 0, changed: 0 }
  const { progress } = shown
  for await (const { name, fault } of missingBlobs(config, { path, isThorough, progress, signal: terminal.signal })) {
    shown.clear()
    counts[fault]++
    if (counts.missing + counts.changed <= mostNames) terminal.err(`${fault}: ${name}\n`)
  }
  shown.clear()
  if (counts.missing + counts.changed === 0) return 0
  terminal.err(
    `${counted(counts.missing, 'file')} missing, ${counted(counts.changed, 'file')} not as they were. Put them back and look again: matinee restore ${path} --check\n`,
  )
  return 1
}
