import { printConfig } from '#server/config/print.ts'
import { LiveConfig } from '#server/config/live.ts'
import { unreadVariables } from '#server/config/sources.ts'
import { endInstallation } from '#server/compose/ffmpeg.ts'
import type { Log } from '#server/ports/log.ts'
import { openHouse } from '#server/roles/open-house.ts'
import { onHangUp } from './hang-up.ts'
import { commonHelp, readOptions } from './options.ts'
import type { Terminal, Verb } from './verb.ts'

export const serve: Verb = {
  help: `
matinee serve [OPTIONS]

Runs Matinee: every role in this process, unless told otherwise. Everything lies in one folder and
nothing else is needed; with a database server, Redis and S3 in the configuration the same program
spreads over many machines.

  --port PORT         the port to listen at (8080)
  --host ADDRESS      the address to listen at (all of them)
  --roles ROLES       some of api,upload,stream,realtime,worker,scheduler
  --print-config      show the configuration as it counts, secrets masked, and end
${commonHelp}

Where it is open is said on standard output, the log on standard error: as text on a terminal, as JSON
elsewhere, or as log.format has it.

Ctrl-C or SIGTERM ends it cleanly: what is under way is finished first. So does closing the terminal
in which it sits, unless it was started by nohup. SIGHUP otherwise reads the configuration again; so
does saving its file.`,
  run,
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, values } = readOptions(argv, terminal, { 'print-config': { type: 'boolean' } }, 0)
  using live = new LiveConfig(origin)
  if (values['print-config'] === true) {
    terminal.out(printConfig(live.current()))
    return 0
  }
  await using _ = { [Symbol.asyncDispose]: () => endInstallation(() => terminal.out(unpacking)) }
  await using house = await openHouse({ config: () => live.current() })
  const unread = unreadVariables(terminal.environment)
  if (unread.length > 0) house.log.warn('config.unread_variables', { names: unread, remedy: 'matinee help config names all' })
  follow(live, house.log)
  await house.listen()
  terminal.out(`${where(live.current().site.name, house.http.address)}\n`)
  // Where nobody can register, as at the component for uploads alone, nobody is asked to.
  const code = live.current().roles.includes('api') ? await house.features.accounts.ownerCode() : undefined
  if (code !== undefined) terminal.out(`Nobody owns it yet: register from this machine, or with the code ${code}\n`)
  const looking = setTimeout(() => void look(live, house.log), 3000)
  await ended(terminal.signal)
  clearTimeout(looking)
  if (terminal.isInteractive) terminal.out('Closing: what is under way ends first.\n')
  return 0
}

const unpacking = 'FFmpeg is just being unpacked; that is let finish first, for the sake of the other packages of this system.\n'

/** Says what a changed file changed, and what it could not. */
function follow(live: LiveConfig, log: Log): void {
  live.onRefused((error) => log.warn('config.refused', { complaints: error.complaints }))
  live.onChange(({ changed, needRestart }) => {
    if (changed.length > 0) log.info('config.changed', { keys: changed })
    if (needRestart.length > 0) log.warn('config.needs_restart', { keys: needRestart })
  })
  live.watch()
  onHangUp(() => live.reload())
}

/** What needs no answer before the first visitors have theirs. */
async function look(live: LiveConfig, log: Log): Promise<void> {
  await warnOfFfmpeg(live, log)
  await warnOfPages(live, log)
}

/** A hole in what reads strangers’ films is said loudly, once. */
async function warnOfFfmpeg(live: LiveConfig, log: Log): Promise<void> {
  if (!live.current().roles.includes('worker')) return
  const { lookForHole } = await import('#server/compose/look/ffmpeg.ts')
  const text = await lookForHole().catch(() => undefined)
  if (text !== undefined) log.warn('ffmpeg.unpatched', { text })
}

/** After an update by hand the old pages would talk to a new program. That none are built is said by who looks for them. */
async function warnOfPages(live: LiveConfig, log: Log): Promise<void> {
  if (!live.current().roles.includes('api')) return
  const { lookAtPages } = await import('#server/compose/look/pages.ts')
  const { state, text } = await lookAtPages()
  if (state === 'note') log.warn('site.outdated', { text: `The pages ${text}` })
}

function where(name: string, address: { url: string; host: string; port: number } | undefined): string {
  if (!address) return `${name} works, and listens nowhere.`
  const everywhere = address.host === '' ? ', or this machine’s address from others' : ''
  return `${name} is open: ${address.url}${everywhere}`
}

const ended = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
