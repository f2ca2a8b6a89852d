import { ConfigError } from '#server/config/load.ts'
import { inASentence } from './in-a-sentence.ts'
import { openTerminal } from './terminal.ts'
import { UsageError, type Terminal } from './verb.ts'
import { verbs } from './verbs.ts'

/** Finds the command, runs it, and turns what people can act on into a sentence. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  using terminal = openTerminal()
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help(rest[0], terminal)
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb) {
    terminal.err(`There is no command ${name}. Those that are:\n\n${table()}`)
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) return help(name, terminal)
  try {
    return await (await verb.load()).run(rest, terminal)
  } catch (error) {
    if (error instanceof ConfigError) terminal.err(`${error.message}\n`)
    else if (error instanceof UsageError) terminal.err(`${error.message}\nmatinee help ${name} says more.\n`)
    else {
      const sentence = inASentence(error)
      if (sentence === undefined) throw error
      terminal.err(`${sentence}\n`)
      return 1
    }
    return 2
  }
}

async function help(name: string | undefined, terminal: Terminal): Promise<number> {
  const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (verb) {
    terminal.out(`${(await verb.load()).help.trim()}\n`)
    return 0
  }
  if (name === 'config') {
    const { describeKeys } = await import('#server/config/print.ts')
    terminal.out(describeKeys())
    return 0
  }
  terminal.out(`Matinee, an online cinema that anybody can run.\n\n${table()}
matinee help COMMAND says more; matinee help config lists every key of the configuration.\n`)
  return 0
}

function table(): string {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length))
  return `${Object.entries(verbs)
    .map(([name, { summary }]) => `  matinee ${name.padEnd(width)}  ${summary}`)
    .join('\n')}\n`
}
