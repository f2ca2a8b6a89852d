import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { type Nfo, readNfo } from './nfo.ts'
import { titleOf } from './title.ts'

/** A film of a collection, with what lies beside it. */
export type Found = {
  path: string
  name: string
  size: number
  modifiedMs: number
  title: string
  description: string
  subtitles: { path: string; language: string }[]
  /** A picture that stands for it. */
  poster: string | undefined
}

const kinds: Readonly<Record<string, string>> = {
  ...{ mp4: 'video/mp4', m4v: 'video/mp4', mov: 'video/quicktime', mkv: 'video/x-matroska', webm: 'video/webm', ts: 'video/mp2t' },
  ...{ m2ts: 'video/mp2t', mts: 'video/mp2t', mpg: 'video/mpeg', mpeg: 'video/mpeg', vob: 'video/mpeg', avi: 'video/x-msvideo' },
  ...{ flv: 'video/x-flv', wmv: 'video/x-ms-wmv', asf: 'video/x-ms-asf', ogv: 'video/ogg', mxf: 'application/mxf', '3gp': 'video/3gpp' },
}
const texts = ['.srt', '.ass', '.ssa', '.vtt']
const pictures = ['.jpg', '.jpeg', '.png', '.webp', '.avif']
const maxDepth = 32

export const typeOf = (path: string): string => kinds[extname(path).slice(1).toLowerCase()] ?? 'application/octet-stream'

/** Every film below a folder, in the order of names. Links are not followed, hidden things and samples are left out. */
export async function* filmsBelow(folder: string, depth = 0): AsyncGenerator<Found> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'))
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const films = files.filter((name) => isFilm(name)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  for (const name of films) yield await describe(folder, name, { files, isAlone: films.length === 1 })
  const folders = entries.filter((entry) => entry.isDirectory() && depth < maxDepth && !/^(?:samples?|extras|trailers)$/i.test(entry.name))
  for (const { name } of folders.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })))
    yield* filmsBelow(join(folder, name), depth + 1)
}

const isFilm = (name: string) => extname(name).slice(1).toLowerCase() in kinds && !/(?:^|[.\s_-])(?:sample|trailer)[.][^.]+$/i.test(name)
const stemOf = (name: string) => basename(name, extname(name))

async function describe(folder: string, name: string, beside: { files: readonly string[]; isAlone: boolean }): Promise<Found> {
  const { files, isAlone } = beside
  const path = join(folder, name)
  const { size, mtimeMs } = await stat(path)
  const stem = stemOf(name)
  const nfo = await nfoOf(
    folder,
    [`${stem}.nfo`, ...(isAlone ? ['movie.nfo'] : [])].find((one) => files.includes(one)),
  )
  const subtitles = files
    .filter((one) => texts.includes(extname(one).toLowerCase()) && (stemOf(one) === stem || one.startsWith(`${stem}.`)))
    .map((one) => ({ path: join(folder, one), language: languageIn(stemOf(one).slice(stem.length)) }))
  const poster = posterOf(stem, beside)
  return {
    ...{ path, name, size, modifiedMs: Math.floor(mtimeMs), subtitles, poster: poster === undefined ? undefined : join(folder, poster) },
    title: nfo.title ?? titleOf(name),
    description: nfo.description ?? '',
  }
}

/** As media centres lay them: under the film's own name, or one for a folder that holds a single film. The first of these. */
function posterOf(stem: string, { files, isAlone }: { files: readonly string[]; isAlone: boolean }): string | undefined {
  const stems = [
    `${stem}-poster`,
    `${stem}-landscape`,
    `${stem}-thumb`,
    stem,
    ...(isAlone ? ['poster', 'landscape', 'folder', 'cover'] : []),
  ]
  const shown = files.filter((one) => pictures.includes(extname(one).toLowerCase()))
  return stems.flatMap((name) => shown.find((one) => stemOf(one).toLowerCase() === name.toLowerCase()) ?? [])[0]
}

/** `.en`, `.zh-Hans.forced`: the language stands behind the film's own name. */
function languageIn(rest: string): string {
  const words = rest.split('.').filter((word) => word !== '' && !/^(?:forced|sdh|cc|default|hi)$/i.test(word))
  return words.find((word) => /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(word)) ?? 'und'
}

async function nfoOf(folder: string, name: string | undefined): Promise<Nfo> {
  if (name === undefined) return {}
  const path = join(folder, name)
  const { size } = await stat(path)
  return size > 2 ** 20 ? {} : readNfo(await readFile(path, 'utf8'))
}
