import { lookAtFfmpeg, lookAtPages, lookAtParts, lookAtRoom, type Sight } from '#server/compose/look/index.ts'
import type { Config } from '#server/config/keys.ts'
import { loadConfig, pathsOf } from '#server/config/load.ts'
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
  const config = loadConfig(readOptions(argv, terminal, {}, 0).origin)
  const findings = await examine(config)
  const width = Math.max(...findings.map(({ name }) => name.length))
  for (const { name, state, text } of findings) terminal.out(`${marks[state]} ${name.padEnd(width)}  ${text}\n`)
  const isWell = findings.every(({ state }) => state !== 'wrong')
  terminal.out(isWell ? '\nNothing stands in the way.\n' : '\nWhat is marked ✗ must be mended first.\n')
  return isWell ? 0 : 1
}

async function examine(config: Config): Promise<Finding[]> {
  const parts = await lookAtParts(config)
  return [
    checkRuntime(),
    ...(config.roles.includes('worker') ? [toFinding(await lookAtFfmpeg()), toFinding(await lookAtRoom())] : []),
    ...(config.roles.includes('api') ? [toFinding(await lookAtPages())] : []),
    await checkDisk(pathsOf(config).data),
    checkClock(parts),
    ...parts.map(toFinding),
    await checkPort(config.http.host, config.http.port),
    checkOpenFiles(),
    checkProxy(config),
  ]
}

const toFinding = ({ part, state, text }: Sight): Finding => ({ name: part, state, text })

/** Whole ranges: whoever trusts everybody lets each caller choose an address of its own. */
const everybody = /^(?:0\.0\.0\.0|::)\/0$/

/** Behind a proxy that is not named, everybody seems to come from one address, and links carry the wrong name. */
function checkProxy({ http, site }: Config): Finding {
  const { trustedProxies } = http
  if (trustedProxies.length === 0) return fine('proxy', 'none is trusted; behind one, name its network in http.trustedProxies')
  const names = trustedProxies.join(', ')
  if (trustedProxies.some((network) => everybody.test(network)))
    return wrong(
      'proxy',
      `${names} is everybody, who could then say to come from anywhere: name only the network of your proxy in http.trustedProxies.`,
    )
  if (site.url === '') return note('proxy', `${names} is trusted; set site.url to the address that people type`)
  return fine('proxy', `${names} is trusted, people type ${site.url}`)
}
