import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { asPerson, type Club } from '#server/lib/seed.ts'
import type { Person } from '#server/lib/viewer.ts'
import type { Backstage } from '#server/roles/backstage.ts'
import { type SeedFilm, seedFilms, seedFollows } from './films.ts'
import { makeFilm } from './make-film.ts'

type House = Pick<Backstage, 'features' | 'ground'>
export type Cast = Pick<Club, 'people' | 'chance' | 'nowMs'>
/** Sets the clock of the house. */
export type TurnTo = (atMs: number) => void
export type Shown = { film: SeedFilm; videoId: string }

const day = 86_400_000
const outMs = (film: SeedFilm, { nowMs }: Cast) => nowMs - film.age * day
/** From 0, when it came out, to 1, which is now. */
const momentOf = (film: SeedFilm, cast: Cast, share: number) => Math.round(outMs(film, cast) + share * film.age * day)

function personOf({ people }: Cast, username: string): Person {
  const person = people.find((one) => one.username === username)
  if (!person) throw new Error(`${username} is not in the club.`)
  return asPerson(person)
}

/** The films that are not there yet, through the core that takes every upload; those that are there are found. */
export async function bringFilms(house: House, cast: Cast, many: { most: number; signal: AbortSignal }): Promise<Shown[]> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-seed-'))
  const { library } = house.features.videos
  try {
    const shown: Shown[] = []
    for (const film of seedFilms.slice(0, many.most)) {
      many.signal.throwIfAborted()
      const { items } = await library.list(personOf(cast, film.maker), film.maker, { limit: 100 })
      const there = items.find(({ title, state }) => title === film.title && state !== 'draft')
      shown.push({ film, videoId: there?.id ?? (await bringFilm(house, cast, { film, folder, signal: many.signal })) })
    }
    return shown
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Bringing = { film: SeedFilm; folder: string; signal: AbortSignal }

async function bringFilm({ features, ground }: House, cast: Cast, { film, folder, signal }: Bringing): Promise<string> {
  const path = join(folder, 'film.mp4')
  await makeFilm(film, path, signal)
  const bytes = await readFile(path)
  const { videos, transcoding } = features
  const owner = personOf(cast, film.maker)
  const { title, description, year, tags } = film
  const videoId = await videos.createDraft(owner.accountId, { title, description, fileName: 'film.mp4' })
  const publishAt = new Date(outMs(film, cast)).toISOString()
  const chapters = film.chapters?.map((name, n, all) => ({ startMs: Math.round((n * film.seconds * 1000) / all.length), title: name }))
  const about = { year, tags: [...tags], ...(chapters ? { chapters } : {}) }
  const { library } = videos
  await library.change(owner, { username: film.maker, vid: videoId }, { ...about, visibility: 'public', publishAt })
  for (const { language, label, lines } of film.subtitles ?? []) {
    const body = Readable.from([Buffer.from(toWebVtt(lines, film.seconds))])
    await transcoding.addText(owner, videoId, { body, language, label })
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const blob = `sources/${videoId}/1`
  await ground.blobs.write(blob, Readable.from([bytes]), { expect: { size: bytes.length, sha256 }, signal })
  await videos.sourceArrived({ videoId, blob, size: bytes.length, type: 'video/mp4', sha256, fileName: 'film.mp4' })
  return videoId
}

/** What people do with films that are out: told as of the days on which they did it. */
export async function talkAbout(house: House, cast: Cast, shown: readonly Shown[], turnTo: TurnTo): Promise<void> {
  for (const one of shown) {
    const at = (share: number) => turnTo(momentOf(one.film, cast, share))
    at(0.02)
    if (!(await hasComments(house, cast, one))) {
      await watch(house, cast, one, at)
      await comment(house, cast, one, at)
    }
    await fly(house, cast, one, at)
  }
  turnTo(cast.nowMs)
  for (const [who, whom] of seedFollows)
    for (const username of whom) await house.features.follows.follow(personOf(cast, who), username, true)
}

type At = (share: number) => void

async function hasComments({ features }: House, cast: Cast, { film, videoId }: Shown): Promise<boolean> {
  const { items } = await features.comments.list(personOf(cast, film.maker), { vid: videoId, cookie: undefined }, { limit: 1 })
  return items.length > 0
}

async function comment({ features }: House, cast: Cast, { film, videoId }: Shown, at: At): Promise<void> {
  const under = { vid: videoId, cookie: undefined }
  let first: string | undefined
  const all = film.comments.length + film.replies.length
  for (const [place, [by, text]] of film.comments.entries()) {
    at((place + 1) / (all + 2))
    const { id } = await features.comments.add(personOf(cast, by), under, { text })
    first ??= id
  }
  if (first === undefined) return
  for (const [place, [by, text]] of film.replies.entries()) {
    at((film.comments.length + place + 1) / (all + 2))
    await features.comments.add(personOf(cast, by), under, { text, replyTo: first })
  }
  for (const { username } of cast.people.filter(() => cast.chance.next() < 0.3))
    await features.comments.like(personOf(cast, username), { ...under, commentId: first }, true)
}

const colors = ['#ffffff', '#ffffff', '#ffffff', '#ffd54f', '#4fc3f7', '#ff8a80'] as const

async function fly({ features }: House, cast: Cast, { film, videoId }: Shown, at: At): Promise<void> {
  const over = { vid: videoId, cookie: undefined }
  if ((await features.danmaku.list(personOf(cast, film.maker), over, { limit: 1 })).items.length > 0) return
  for (const [place, [by, text]] of film.danmaku.entries()) {
    at((place + 1) / (film.danmaku.length + 1))
    const atMs = Math.round(((place + 0.5) * film.seconds * 900) / film.danmaku.length)
    await features.danmaku.add(personOf(cast, by), over, { atMs, text, color: cast.chance.pick(colors) })
  }
}

async function watch({ features }: House, cast: Cast, { film, videoId }: Shown, at: At): Promise<void> {
  const place = { vid: videoId, cookie: undefined }
  const wholeMs = film.seconds * 1000
  for (const { username } of cast.people) {
    if (username === film.maker || cast.chance.next() < 0.35) continue
    const viewer = personOf(cast, username)
    at(0.05 + cast.chance.next() * 0.9)
    const atMs = cast.chance.next() < 0.4 ? Math.round(wholeMs * (0.2 + cast.chance.next() * 0.6)) : wholeMs
    await features.audience.view(viewer, place, { watchedMs: wholeMs, agent: undefined })
    await features.history.put(viewer, place, { atMs, durationMs: wholeMs })
    if (cast.chance.next() < 0.5) await features.audience.mark(viewer, place, 'like', true)
    if (cast.chance.next() < 0.2) await features.audience.mark(viewer, place, 'favourite', true)
  }
}

function toWebVtt(lines: readonly string[], seconds: number): string {
  const at = (share: number) => `00:00:${(seconds * share).toFixed(3).padStart(6, '0')}`
  return `WEBVTT\n\n${lines.map((line, n) => `${at(n / lines.length)} --> ${at((n + 0.9) / lines.length)}\n${line}\n`).join('\n')}`
}
