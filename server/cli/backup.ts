import { resolve } from 'node:path'
import { backUp } from '#server/compose/backup/back-up.ts'
import { loadConfig } from '#server/config/load.ts'
import { actOnFile, countsOf } from './backup-words.ts'
import { commonHelp, readOptions } from './options.ts'
import { showProgress } from './progress.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const backup: Verb = {
  help: `
matinee backup FILE [OPTIONS]

Copies every row, as of one moment, into one file, with the names and hashes of all films and pictures; reads it back, and says so. Matinee may
run meanwhile, and nobody waits. The file fits SQLite and MariaDB alike. It is sealed by the first key of secrets.json: keep a copy of
that file too, and elsewhere. The films and pictures themselves are not in it: copy their folder or bucket after the backup was made.

  --plain             do not seal it: whoever has the file can read it
  --rows-only         without the names and hashes of films and pictures, which take a reading of each
${commonHelp}`,
  run,
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, values, positionals } = readOptions(argv, terminal, { plain: { type: 'boolean' }, 'rows-only': { type: 'boolean' } })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('matinee backup needs one FILE to write.')
  const config = loadConfig(origin)
  const path = resolve(file)
  const shown = showProgress(terminal)
  return actOnFile({ path, terminal, shown, stopped: 'Ended before it was whole: nothing was written.' }, async () => {
    const isPlain = values.plain === true
    const { progress } = shown
    const summary = await backUp(config, { path, isPlain, rowsOnly: values['rows-only'] === true, progress, signal: terminal.signal })
    shown.clear()
    terminal.out(`${path} holds ${countsOf(summary)}; it was read back and is whole.\n`)
    terminal.out(isPlain ? 'It is not sealed: whoever has it can read it.\n' : 'It opens with secrets.json alone: keep that elsewhere.\n')
    return 0
  })
}
