import { lookAtParts } from '#server/compose/look.ts'
import type { Config } from '#server/config/keys.ts'
import { loadConfig, pathsOf } from '#server/config/load.ts'
import { checkFfmpeg } from './doctor/ffmpeg.ts'
import { type Finding, fine, note, wrong } from './doctor/finding.ts'
import { checkClock, checkDisk, checkOpenFiles, checkPort, checkRuntime } from './doctor/machine.ts'
import { commonHelp, readOptions } from './options.ts'
import type { Terminal, Verb } from './verb.ts'

export const doctor: Verb = {
  help: `
matinee doctor [OPTIONS]

Looks at everything that you would be asked about when something does not work, and says of each: fine, or what to do. Changes nothing.
Ends with 1 where something must be done.
${commonHelp}`,
  run,
}

const marks = { fine: '✓', note: '•', wrong: '✗' }

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const config = loadConfig(readOptions(argv, terminal).origin)
  const findings = await examine(config)
  const width = Math.max(...findings.map(({ name }) => name.length))
  for (const { name, state, text } of findings) terminal.out(`${marks[state]} ${name.padEnd(width)}  ${text}\n`)
  const isWell = findings.every(({ state }) => state !== 'wrong')
  terminal.out(isWell ? '\nNothing stands in the way.\n' : '\nWhat is marked ✗ must be mended first.\n')
  return isWell ? 0 : 1
}

async function examine(config: Config): Promise<Finding[]> {
  const folder = pathsOf(config).data
  const parts = await lookAtParts(config)
  return [
    checkRuntime(),
    await checkFfmpeg(),
    await checkDisk(folder),
    checkClock(),
    ...parts.map(({ part, isWell, text }) => (isWell ? fine(part, text) : wrong(part, text))),
    await checkPort(config.http.host, config.http.port),
    checkOpenFiles(),
    checkProxy(config),
  ]
}

/** Behind a proxy that is not named, everybody seems to come from one address, and links carry the wrong name. */
function checkProxy({ http, site }: Config): Finding {
  if (http.trustedProxies.length === 0) return fine('proxy', 'none is trusted; behind one, name its network in http.trustedProxies')
  if (site.url === '') return note('proxy', `${http.trustedProxies.join(', ')} is trusted; set site.url to the address that people type`)
  return fine('proxy', `${http.trustedProxies.join(', ')} is trusted, people type ${site.url}`)
}
