import { LiveConfig } from '#server/config/live.ts'
import { loadConfig, pathsOf } from '#server/config/load.ts'
import { changeSealKey, forgetOldSealKeys, openSecrets } from '#server/config/secrets.ts'
import { type Backstage, openBackstage } from '#server/roles/backstage.ts'
import { commonHelp, readOptions } from './options.ts'
import { quietLog } from './quiet-log.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const keys: Verb = {
  help: `
matinee keys             the keys that seal second factors and backups, and how much an old one still seals
matinee keys change      puts a new key in front; what is sealed already still opens
matinee keys reseal      seals anew, by the newest key, what an old one sealed in the database
matinee keys forget      removes the old keys, once nothing in the database is sealed by them

To change the key: change; bring the file to every machine; start the processes again; reseal; forget. A backup that an
old key sealed needs that key: keep the old file with it. Sessions go on: other keys sign them.
${commonHelp}`,
  run,
}

type Given = { house: Backstage; file: string; terminal: Terminal }
const acts: Record<string, (given: Given) => Promise<number>> = { list, change, reseal, forget }

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, positionals } = readOptions(argv, terminal)
  const [name = 'list', ...rest] = positionals
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined
  if (!act || rest.length > 0) throw new UsageError(`matinee keys does one of: ${Object.keys(acts).join(', ')}.`)
  using live = new LiveConfig(origin)
  await using house = await openBackstage({ config: () => live.current(), log: quietLog(terminal) })
  return await act({ house, file: pathsOf(loadConfig(origin)).secrets, terminal })
}

async function list({ house, file, terminal }: Given): Promise<number> {
  const [newest, ...old] = openSecrets(file).seal
  const left = await house.features.accounts.resealOld({ isTrial: true })
  terminal.out(`${file}\n  ${newest.id}  seals and opens\n${old.map(({ id }) => `  ${id}  opens\n`).join('')}`)
  terminal.out(left === 0 ? 'Everything in the database is sealed by the newest.\n' : `${left} in the database sealed by an old one.\n`)
  return 0
}

async function change({ file, terminal }: Given): Promise<number> {
  const [newest] = changeSealKey(file).seal
  terminal.out(`${newest.id} is the new key, in ${file}. Bring the file to every machine and start the processes again;\n`)
  terminal.out('then matinee keys reseal, and matinee keys forget.\n')
  return 0
}

async function reseal({ house, terminal }: Given): Promise<number> {
  const count = await house.features.accounts.resealOld({ isTrial: false })
  terminal.out(`${count} sealed anew.\n`)
  return 0
}

async function forget({ house, file, terminal }: Given): Promise<number> {
  const left = await house.features.accounts.resealOld({ isTrial: true })
  if (left > 0) {
    terminal.err(`${left} in the database sealed by an old key: first matinee keys reseal.\n`)
    return 1
  }
  terminal.out(`${forgetOldSealKeys(file)} removed. Backups that they sealed need the file as it was before.\n`)
  return 0
}
