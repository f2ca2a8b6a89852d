import { randomInt } from 'node:crypto'
import { openSystemClock } from '#server/compose/begin.ts'
import { stateOfFfmpeg } from '#server/compose/ffmpeg.ts'
import { LiveConfig } from '#server/config/live.ts'
import { createChance, type Club } from '#server/lib/seed.ts'
import type { Role } from '#server/lib/viewer.ts'
import { type Backstage, openBackstage } from '#server/roles/backstage.ts'
import { commonHelp, readOptions } from './options.ts'
import { quietLog } from './quiet-log.ts'
import { seedFilms } from './seed/films.ts'
import { bringFilms, type Shown, talkAbout } from './seed/show.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const seed: Verb = {
  help: `
matinee seed [OPTIONS]

Fills an empty Matinee with a believable club, so that every page has something to show: people, short
films that FFmpeg draws, and what people said and did about them. Everybody in it has the same password,
which is printed this once. Run again it adds what is missing, such as the films, once FFmpeg is there.
Refused where other people have accounts.

  --films NUMBER      so many films (${seedFilms.length}); 0: only people
  --chance NUMBER     another club: other dates and pictures for another number
${commonHelp}`,
  run,
}

type Work = { live: LiveConfig; terminal: Terminal; most: number }

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, values } = readOptions(argv, terminal, { chance: { type: 'string' }, films: { type: 'string' } }, 0)
  const most = Number(values.films ?? seedFilms.length)
  if (!Number.isInteger(most) || most < 0) throw new UsageError('--films takes a number.')
  using live = new LiveConfig(origin)
  const club: Club = { nowMs: Date.now(), chance: createChance(Number(values.chance ?? 7)), people: [], password: newPassword() }
  const work = { live, terminal, most }
  const hasBegun = await invite(work, club)
  if (hasBegun === 'refused') return 1
  try {
    await show(work, club)
    return 0
  } catch (error) {
    if (!terminal.signal.aborted) throw error
    terminal.err('Stopped. The same command goes on from here.\n')
    return 130
  } finally {
    terminal.out(hasBegun === 'now' ? toFirstWords(club) : toLaterWords(club))
  }
}

const toFirstWords = ({ people, password }: Club) =>
  `\nLog in as ${people[0]?.username}, who owns the house, or as anybody else, with the password\n\n  ${password}\n`

const toLaterWords = ({ people }: Club) =>
  `\nThe password is the one that was printed the first time; matinee user reset ${people[0]?.username} gives another.\n`

/** The people: made in an empty house, found where they have been made before. */
async function invite({ live, terminal }: Work, club: Club): Promise<'now' | 'before' | 'refused'> {
  await using house = await openBackstage({ config: () => live.current(), log: quietLog(terminal) })
  const working = house.begin([])
  try {
    const { items } = await house.features.admin.people.list({ kind: 'console' }, { limit: 100 })
    if (items.length === 0 && (await house.features.accounts.site()).isNew) {
      for (const plant of house.features.seeds) terminal.out(`${await plant(club)}\n`)
      return 'now'
    }
    const order: readonly Role[] = ['owner', 'admin', 'moderator', 'member']
    const known = items.map(({ id, username, role }) => ({ id, username, role }))
    club.people.push(...known.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role)))
    const isClub = seedFilms.every(({ maker, comments }) => [maker, ...comments.map(([name]) => name)].every((name) => isIn(club, name)))
    if (isClub) return 'before'
    terminal.err('There are people here already. matinee seed only fills an empty house: give it another --data.\n')
    return 'refused'
  } finally {
    await working.drain({ patienceMs: 0 })
  }
}

const isIn = ({ people }: Club, name: string) => people.some(({ username }) => username === name)

async function show(work: Work, club: Club): Promise<void> {
  const { terminal, most } = work
  if (most === 0) return
  if (stateOfFfmpeg(terminal.environment.PATH) !== 'here')
    return terminal.out('no films: FFmpeg is missing. matinee doctor says how to get it; matinee seed, once more, then brings the films\n')
  terminal.out('films are drawn and made ready: a minute or so\n')
  const shown = await screen(work, club)
  await using house = await openTurnable(work)
  const working = house.begin([])
  try {
    const out = await playable(house, shown)
    await talkAbout(house, club, out, house.turnTo)
    terminal.out(`comments, danmaku, likes, follows and what everybody has watched, of ${out.length} films\n`)
  } finally {
    await working.drain({ patienceMs: 0 })
  }
}

/** A crowded machine takes its time; what is not ready by then is made by `matinee serve`. */
const patienceMs = 300_000

/** The films, and all that is made of them first: what browsers play, and their pictures. */
async function screen({ live, terminal, most }: Work, club: Club): Promise<Shown[]> {
  await using house = await openBackstage({ config: () => live.current(), log: quietLog(terminal) })
  const working = house.begin(['worker'])
  try {
    const shown = await bringFilms(house, club, { most, signal: terminal.signal })
    const untilMs = house.clock.monotonicMs() + patienceMs
    let ready = await playable(house, shown)
    while (ready.length < shown.length && house.clock.monotonicMs() < untilMs) {
      await house.clock.wait(250, terminal.signal)
      ready = await playable(house, shown)
    }
    terminal.out(`${shown.length} films${ready.length < shown.length ? `, ${shown.length - ready.length} of them still to be made` : ''}\n`)
    return shown
  } finally {
    await working.drain({ patienceMs: 5000 })
  }
}

/** Those that everybody may see, with a picture of them. */
async function playable({ features }: Pick<Backstage, 'features'>, shown: readonly Shown[]): Promise<Shown[]> {
  const ids = shown.map(({ videoId }) => videoId)
  const cards = await features.videos.cards({ kind: 'stranger', language: 'en', address: '' }, ids, 'video.see')
  return shown.filter(({ videoId }) => cards.some(({ id, poster }) => id === videoId && poster !== null))
}

/** A house whose clock shows what it is told. */
async function openTurnable({ live, terminal }: Work) {
  const real = await openSystemClock()
  let aheadMs = 0
  const clock = { ...real, now: () => real.now() + aheadMs }
  const house = await openBackstage({ config: () => live.current(), log: quietLog(terminal), clock })
  return Object.assign(house, {
    turnTo: (atMs: number) => {
      aheadMs = atMs - real.now()
    },
  })
}

const words =
  'amber attic autumn balcony candle carpet cello curtain dusk ember feather foyer garden harbour island kettle lantern ledger marble meadow midnight orchard paper pepper piano quarry river sailor silver thimble tulip velvet violin willow window winter'.split(
    ' ',
  )

/** Four words that nobody has used before, instead of one that everybody knows. */
function newPassword(): string {
  return Array.from({ length: 4 }, () => words[randomInt(words.length)]).join(' ')
}
