import { randomInt } from 'node:crypto'
import { LiveConfig } from '#server/config/live.ts'
import { createChance, type Club } from '#server/lib/seed.ts'
import { openBackstage } from '#server/roles/backstage.ts'
import { commonHelp, readOptions } from './options.ts'
import { quietLog } from './quiet-log.ts'
import type { Terminal, Verb } from './verb.ts'

export const seed: Verb = {
  help: `
matinee seed [OPTIONS]

Fills an empty Matinee with a believable club, so that every page has something to show. Refused where
anybody has an account already. Everybody in it has the same password, which is printed this once.

  --chance NUMBER     another club: other dates and pictures for another number
${commonHelp}`,
  run,
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, values } = readOptions(argv, terminal, { chance: { type: 'string' } })
  using live = new LiveConfig(origin)
  await using house = await openBackstage({ config: () => live.current(), log: quietLog(terminal) })
  const working = house.begin([])
  try {
    const { items } = await house.features.admin.people.list({ kind: 'console' }, { limit: 1 })
    if (items.length > 0 || !(await house.features.accounts.site()).isNew) {
      terminal.err('There are people here already. matinee seed only fills an empty house: give it another --data.\n')
      return 1
    }
    const club: Club = { nowMs: house.clock.now(), chance: createChance(Number(values.chance ?? 7)), people: [], password: newPassword() }
    for (const plant of house.features.seeds) terminal.out(`${await plant(club)}\n`)
    const [owner] = club.people
    terminal.out(`\nLog in as ${owner?.username}, who owns the house, or as anybody else, with the password\n\n  ${club.password}\n`)
    return 0
  } finally {
    await working.drain({ patienceMs: 0 })
  }
}

const words =
  'amber attic autumn balcony candle carpet cello curtain dusk ember feather foyer garden harbour island kettle lantern ledger marble meadow midnight orchard paper pepper piano quarry river sailor silver thimble tulip velvet violin willow window winter'.split(
    ' ',
  )

/** Four words that nobody has used before, instead of one that everybody knows. */
function newPassword(): string {
  return Array.from({ length: 4 }, () => words[randomInt(words.length)]).join(' ')
}
