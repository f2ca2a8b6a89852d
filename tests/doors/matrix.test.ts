import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '#server/http/route.ts'
import { type Ground, grounds, isLong } from '#server/testing/grounds.ts'
import { entries, nameOf } from './entries.ts'
import type { Entry } from './entry.ts'
import { type Carrier, isUnsafe, knock, placesOf, tokenOf } from './knock.ts'
import { type Kind, kinds, Stage } from './stage.ts'

/**
 * Every place, every kind, by token and by cookie, for one thing behind each door; for its other things one place and the token, and on distributed ground
 * those kinds alone of which one is answered otherwise (at length all for all). Where no token is looked at there are fewer questions, and each costs a
 * password's hashing.
 */
function cellsOf(
  { route, entry }: { route: Route; entry: Entry },
  { ground, isFirst }: { ground: Ground; isFirst: boolean },
): { place: string; kind: Kind; carrier: Carrier }[] {
  const isWhole = isLong || isFirst
  const several = isWhole || ground === 'embedded' ? kinds : kinds.filter((kind) => kind !== 'admin' && kind !== 'owner')
  const asked: readonly Kind[] = route.sessionless ? ['stranger', 'owner'] : several
  const places = placesOf(route).slice(0, isWhole ? undefined : 1)
  const isBoth = isLong || (isFirst && ground === 'embedded')
  const carriers: readonly Carrier[] = isBoth && !route.sessionless ? ['bearer', 'cookie'] : ['bearer']
  const cells = places.flatMap((place) => asked.flatMap((kind) => carriers.map((carrier) => ({ place, kind, carrier }))))
  return cells.filter(({ kind }) => !entry.isSlow || isLong || entry.answers[kind] >= 300)
}

describe.each(grounds.list)('the doors of the whole program, %s', (ground) => {
  let stage: Stage
  let doors: { route: Route; entry: Entry }[]
  /** Where the door alone is looked at, the thing behind it does not matter. */
  let perRoute: typeof doors
  /** Of a session that was ended, one that was never given out, and one whose signature is of no key. */
  let deadTokens: string[]

  beforeAll(async () => {
    stage = await Stage.open(ground)
    doors = stage.matinee.routes.flatMap((route) => [entries[nameOf(route)] ?? []].flat().map((entry) => ({ route, entry })))
    perRoute = doors.filter(({ route }, i) => doors[i - 1]?.route !== route)
    const left = await stage.fresh()
    await stage.as(left, 'DELETE', '/session')
    const [head = '', body = ''] = left.token.split('.')
    deadTokens = [left.token, 'a-word', `${head}.${body}.${Buffer.alloc(32, 1).toString('base64url')}`]
  })
  afterAll(async () => await stage?.[Symbol.asyncDispose]())

  test('[T5] every route has an entry, and every entry a route', () => {
    const names = stage.matinee.routes.map(nameOf)
    expect(names.filter((name) => !entries[name])).toEqual([])
    expect(Object.keys(entries).filter((name) => !names.includes(name))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })

  test('[T5] each kind of viewer is answered as the policy says, by token and by cookie, at every place of every route', async () => {
    const wrong: string[] = []
    const cells = doors.flatMap(({ route, entry }) =>
      cellsOf({ route, entry }, { ground, isFirst: perRoute.some((one) => one.entry === entry) }).map((cell) => ({
        route,
        entry,
        ...cell,
      })),
    )
    for (const { route, entry, place, kind, carrier } of cells) {
      const somebody = stage.people[kind]
      stage.stepUp()
      const sent = (await entry.send?.(stage, { kind, somebody })) ?? {}
      const { status, code } = await knock(stage, { route, place, entry, sent, carrier, token: tokenOf(somebody, sent) })
      // A page is for browsers, and knows people by their cookie alone.
      const expected = entry.answers[route.page && carrier === 'bearer' ? 'stranger' : kind]
      if (status !== expected)
        wrong.push(`${route.method} ${place}, ${entry.about ?? ''} ${kind} by ${carrier}: ${status} ${code ?? ''}, not ${expected}`)
    }
    expect(wrong).toEqual([])
    const asked = new Set(cells.map(({ route, place }) => `${route.method} ${place}`))
    expect(asked.size).toBe(perRoute.flatMap(({ route }) => placesOf(route)).length)
  }, 480_000)

  test('[T20] whatever changes something is closed to other sites, whoever they make call', async () => {
    const foreign: Carrier[] = ['cookie without an origin', 'cookie from elsewhere', 'bearer from elsewhere']
    const wrong: string[] = []
    const knocks = perRoute
      .filter(({ route }) => isUnsafe(route))
      .flatMap((door) => placesOf(door.route).map((place) => ({ ...door, place })))
      .flatMap((door) => kinds.flatMap((kind) => foreign.map((carrier) => ({ ...door, kind, carrier }))))
      // A stranger without a cookie and without an Origin is no browser.
      .filter(({ kind, carrier }) => kind !== 'stranger' || carrier !== 'cookie without an origin')
    for (const { route, entry, place, kind, carrier } of knocks) {
      const { status, code } = await knock(stage, { route, place, entry, sent: {}, carrier, token: stage.people[kind]?.token })
      if (status !== 403 || (code !== 'http.foreign_origin' && !route.page && !entry.isEndless))
        wrong.push(`${route.method} ${place}, ${kind}, ${carrier}: ${status} ${code ?? ''}`)
    }
    expect(wrong).toEqual([])
  }, 300_000)

  test('[T19] a session that ended, and a token that never was one, open nothing', async () => {
    const wrong: string[] = []
    const knocks = perRoute
      .filter(({ route }) => !route.sessionless)
      .flatMap((door) => placesOf(door.route).map((place) => ({ ...door, place })))
      .flatMap((door) => deadTokens.flatMap((token) => (['bearer', 'cookie'] as const).map((carrier) => ({ ...door, token, carrier }))))
      // Browsers show a dead cookie to a page, which takes it away and lets in.
      .filter(({ route, carrier }) => !route.page || carrier !== 'cookie')
    for (const { route, entry, place, token, carrier } of knocks) {
      const { status } = await knock(stage, { route, place, entry, sent: {}, carrier, token })
      if (status !== 401) wrong.push(`${route.method} ${place} by ${carrier}: ${status}`)
    }
    expect(wrong).toEqual([])
  }, 300_000)
})
