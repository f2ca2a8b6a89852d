import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LiveConfig } from '#server/config/live.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { type Backstage, openBackstage } from '#server/roles/backstage.ts'
import { filmsBelow, type Found, typeOf } from './import/collection.ts'
import { type Known, openMemory } from './import/memory.ts'
import { commonHelp, readOptions } from './options.ts'
import { quietLog } from './quiet-log.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'
import { timeLeft, toBytes } from './upload/progress-line.ts'

export const importFolder: Verb = {
  help: `
matinee import FOLDER… --user NAME [OPTIONS]

Takes a collection in: every film below the folders becomes a private film of that person, beside a running Matinee. Titles come from
.nfo files or from names; subtitles and a poster beside a film come with it. What has been taken in before is skipped, however often this is run, and after Ctrl-C or a crash the same
command goes on where it was. Nothing in the folders is changed. Ends with 0 when every film is in.

  --user NAME         whose films they become
  --in-place          copy nothing: on the same disk a film is held where it is, under a second name (a hard link)
  --dry-run           only say what would be taken in, and under which title
  --json              one line of JSON a film on standard output: path, title, state, videoId, and why where it failed
${commonHelp}`,
  run,
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, values, positionals } = readOptions(argv, terminal, {
    user: { type: 'string' },
    'in-place': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  })
  if (positionals.length === 0) throw new UsageError('Name the folders to take in.')
  if (typeof values.user !== 'string') throw new UsageError('Say whose films they become: --user NAME.')
  const folders = positionals.map((folder) => resolve(folder))
  for (const folder of folders)
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw new UsageError(`${folder} is not a folder.`)
  using live = new LiveConfig(origin)
  await using house = await openBackstage({ config: () => live.current(), log: quietLog(terminal) })
  const working = house.begin([])
  try {
    const accountId = await house.features.accounts.findIdByName(values.user)
    if (accountId === undefined) throw new UsageError(`There is nobody called ${values.user}.`)
    if (values['in-place'] === true && !house.ground.blobs.local)
      throw new UsageError('--in-place needs a Matinee that keeps its files on this disk: here they lie in a store of their own.')
    await using memory = await openMemory(house.config().dataDir, accountId)
    const taking = { house, memory, terminal, accountId, isInPlace: values['in-place'] === true }
    return await takeAll(folders, taking, { isDry: values['dry-run'] === true, isJson: values.json === true })
  } finally {
    await working.drain({ patienceMs: 0 })
  }
}

type Memory = Awaited<ReturnType<typeof openMemory>>
type Taking = { house: Backstage; memory: Memory; terminal: Terminal; accountId: string; isInPlace: boolean }
type Outcome = { state: 'taken' | 'known' | 'would be taken' | 'failed'; videoId?: string; why?: string }

async function takeAll(folders: readonly string[], taking: Taking, how: { isDry: boolean; isJson: boolean }): Promise<number> {
  const { terminal } = taking
  const found: Found[] = []
  for (const folder of folders) for await (const film of filmsBelow(folder)) found.push(film)
  const pace = createPace(found.reduce((sum, { size }) => sum + size, 0))
  const counts = { taken: 0, known: 0, 'would be taken': 0, failed: 0 }
  for (const [place, film] of found.entries()) {
    if (terminal.signal.aborted) break
    const outcome = await takeOne(film, taking, how.isDry)
    if (terminal.signal.aborted && outcome.state === 'failed') break
    counts[outcome.state]++
    pace.passed(film.size, outcome.state === 'taken')
    const { path, title } = film
    if (how.isJson) terminal.out(`${JSON.stringify({ path, title, ...outcome })}\n`)
    else terminal.out(`${outcome.state}  ${title}${outcome.why === undefined ? '' : `: ${outcome.why}`}\n`)
    if (terminal.isInteractive && place + 1 < found.length) terminal.err(`${place + 1} of ${found.length}, ${pace.words()}\n`)
  }
  if (terminal.signal.aborted) {
    terminal.err('Stopped. The same command goes on from here.\n')
    return 130
  }
  if (!how.isJson)
    terminal.out(
      `${found.length} films: ${Object.entries(counts)
        .flatMap(([state, count]) => (count > 0 ? `${count} ${state}` : []))
        .join(', ')}\n`,
    )
  return counts.failed === 0 ? 0 : 1
}

async function takeOne(film: Found, taking: Taking, isDry: boolean): Promise<Outcome> {
  const { memory, terminal } = taking
  try {
    const seen = memory.at(film)
    if (seen?.isDone && (await isThere(taking, seen))) return { state: 'known', videoId: seen.videoId }
    if (isDry) return { state: 'would be taken' }
    const sha256 = await hashOf(film.path, terminal.signal)
    const same = memory.holding(sha256)
    const there = same && (await isThere(taking, same)) ? same : undefined
    if (there?.isDone) {
      await memory.keep({ ...placeOf(film), sha256, videoId: there.videoId, isDone: true })
      return { state: 'known', videoId: there.videoId }
    }
    return { state: 'taken', videoId: await take(film, taking, { sha256, videoId: there?.videoId }) }
  } catch (error) {
    if (error instanceof Problem) {
      const { inWords } = await import('./problem-words.ts')
      return { state: 'failed', why: inWords(error) }
    }
    return { state: 'failed', why: wordsOf(error) }
  }
}

const placeOf = ({ path, size, modifiedMs }: Found) => ({ path, size, modifiedMs })

/** Begun is written down before a byte is copied: who goes on after a crash fills the same film. */
async function take(film: Found, taking: Taking, begun: { sha256: string; videoId: string | undefined }): Promise<string> {
  const { house, memory, accountId, terminal } = taking
  const { sha256 } = begun
  const { videos } = house.features
  const draft = { title: film.title, fileName: film.name, description: film.description }
  const videoId = begun.videoId ?? (await videos.createDraft(accountId, draft))
  const known: Known = { ...placeOf(film), sha256, videoId, isDone: false }
  await memory.keep(known)
  const blob = `sources/${videoId}/1`
  if (taking.isInPlace) await holdInPlace(house, film.path, blob)
  else {
    const expect = { size: film.size, sha256 }
    await house.ground.blobs.write(blob, createReadStream(film.path, { highWaterMark: 1 << 20 }), { expect, signal: terminal.signal })
  }
  await videos.sourceArrived({ videoId, blob, size: film.size, type: typeOf(film.path), sha256, fileName: film.name })
  await addSubtitles(film, taking, videoId)
  await addPoster(film, taking, videoId)
  await memory.keep({ ...known, isDone: true })
  return videoId
}

/** What lies beside a film goes with it. A file that is no subtitle is said, and keeps no film away. */
async function addSubtitles({ subtitles }: Found, taking: Taking, videoId: string): Promise<void> {
  const { transcoding } = taking.house.features
  const there = new Set((await transcoding.besides.texts({ videoId, generation: 0 })).map(({ label }) => label))
  for (const { path, language } of subtitles) {
    const label = basename(path).slice(0, 100)
    if (there.has(label)) continue
    try {
      await transcoding.addText(ownerOf(taking), videoId, { body: createReadStream(path), language, label })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { inWords } = await import('./problem-words.ts')
      taking.terminal.err(`${path}: ${inWords(error)}\n`)
    }
  }
}

/** A file that is no picture is said, and keeps no film away. */
async function addPoster({ poster }: Found, taking: Taking, videoId: string): Promise<void> {
  if (poster === undefined) return
  try {
    await taking.house.features.transcoding.putPoster(ownerOf(taking), videoId, createReadStream(poster))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { inWords } = await import('./problem-words.ts')
    taking.terminal.err(`${poster}: ${inWords(error)}\n`)
  }
}

/** A second name for the same bytes: to take the film out of Matinee leaves the first one where it is. */
async function holdInPlace({ ground: { blobs } }: Backstage, path: string, blob: string): Promise<void> {
  const { local } = blobs
  if (!local || (await blobs.find(blob))) return
  const aside = join(dirname(local.pathOf('sources')), `+import-${randomUUID()}`)
  try {
    await link(path, aside)
    await local.adopt(aside, blob)
  } finally {
    await rm(aside, { force: true })
  }
}

/** Thrown away by its owner, it may be taken in again. */
async function isThere(taking: Taking, { videoId }: Known): Promise<boolean> {
  return (await taking.house.features.videos.find(ownerOf(taking), videoId)) !== undefined
}

const ownerOf = ({ accountId }: Taking): Viewer => ({
  ...{ kind: 'person', accountId, username: '', role: 'member', sessionId: '', via: 'bearer' },
  ...{ language: 'en', timeZone: 'UTC', address: '' },
})

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(part as Buffer)
  return hash.digest('hex')
}

function createPace(totalBytes: number) {
  const beganMs = performance.now()
  let [passedBytes, takenBytes] = [0, 0]
  return {
    passed(bytes: number, isTaken: boolean) {
      passedBytes += bytes
      if (isTaken) takenBytes += bytes
    },
    words() {
      const perSecond = takenBytes / ((performance.now() - beganMs) / 1000)
      const left = takenBytes === 0 ? undefined : (totalBytes - passedBytes) / perSecond
      return `${toBytes(passedBytes)} of ${toBytes(totalBytes)}, ${timeLeft(left)}`
    },
  }
}

function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EXDEV') return 'It lies on another disk than Matinee’s files: without --in-place it is copied.'
  if (code === 'EPERM' || code === 'EACCES') return 'This system does not let Matinee have it.'
  return error instanceof Error ? error.message : String(error)
}
