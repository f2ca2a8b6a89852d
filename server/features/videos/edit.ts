import { foldText, toLine, toParagraphs } from '#server/lib/plain-text.ts'
import type { ChangeVideoBody, Marks } from '#shared/api/videos.ts'
import { wrongField } from './errors.ts'
import type { Tag } from './library-store.ts'
import type { VideoRow } from './store.ts'

/** What a body changes in the row. Throws what is wrong with it. */
export function toChanges(body: Omit<ChangeVideoBody, 'password'>): Partial<VideoRow> {
  const { title, description, visibility, publishAt, language, isDanmakuOn, commentRule, slowModeS } = body
  return {
    ...toOwnChapters(body),
    ...toSharing(body),
    ...(title === undefined ? {} : { title: toTitle(title) }),
    ...(description === undefined ? {} : { description: toParagraphs(description) }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(publishAt === undefined ? {} : { publish_ms: publishAt === null ? null : Date.parse(publishAt) }),
    ...(language === undefined ? {} : { language }),
    ...(isDanmakuOn === undefined ? {} : { is_danmaku_on: isDanmakuOn ? 1 : 0 }),
    ...(commentRule === undefined ? {} : { comment_rule: commentRule }),
    ...(slowModeS === undefined ? {} : { slow_mode_s: slowModeS }),
  }
}

/** In the order of the film; two that begin at one moment are one. */
function toOwnChapters({ chapters, marks, cast, year }: Omit<ChangeVideoBody, 'password'>): Partial<VideoRow> {
  const sorted = chapters?.map(({ startMs, title }) => ({ startMs, title: toLine(title) })).sort((a, b) => a.startMs - b.startMs)
  if (sorted?.some(({ title }) => title === '')) throw wrongField('chapters', 'video.title_empty')
  if (marks && !areInOrder(marks)) throw wrongField('marks', 'video.marks_disordered')
  const people = cast?.map(({ name, part }) => ({ name: toLine(name), part: toLine(part) })).filter(({ name }) => name !== '')
  return {
    ...(chapters === undefined ? {} : { own_chapters: sorted ? JSON.stringify(onePerMoment(sorted)) : null }),
    ...(marks === undefined ? {} : { marks: marks && JSON.stringify(marks) }),
    ...(people === undefined ? {} : { people: JSON.stringify(people) }),
    ...(year === undefined ? {} : { year }),
  }
}

const onePerMoment = <T extends { startMs: number }>(sorted: readonly T[]) =>
  sorted.filter(({ startMs }, place) => sorted[place + 1]?.startMs !== startMs)

const areInOrder = (marks: Marks) => isSpan(marks.trimStartMs, marks.trimEndMs) && isSpan(marks.introStartMs, marks.introEndMs)

const isSpan = (start: number | null, end: number | null) => start === null || end === null || start < end

function toSharing({ isDownloadable, embedding, embedSites, blockedWords }: Omit<ChangeVideoBody, 'password'>): Partial<VideoRow> {
  return {
    ...(isDownloadable === undefined ? {} : { is_downloadable: isDownloadable ? 1 : 0 }),
    ...(embedding === undefined ? {} : { embedding }),
    ...(embedSites === undefined ? {} : { embed_sites: JSON.stringify([...new Set(embedSites)]) }),
    ...(blockedWords === undefined ? {} : { blocked_words: JSON.stringify(toWords(blockedWords)) }),
  }
}

/** Each once, however it is spelled; what says nothing is passed over. */
const toWords = (words: readonly string[]) =>
  [...new Map(words.map((word) => [foldText(toLine(word)), toLine(word)])).values()].filter(Boolean)

function toTitle(text: string): string {
  const title = toLine(text)
  if (title === '') throw wrongField('title', 'video.title_empty')
  return title
}

/** In their order, each once however it is written; what is empty is passed over. */
export function toTags(tags: readonly string[]): Tag[] {
  const byKey = new Map<string, Tag>()
  for (const text of tags) {
    const label = toLine(text.replace(/^#+/, ''))
    const key = foldText(label).slice(0, 100)
    if (label !== '' && !byKey.has(key)) byKey.set(key, { key, label })
  }
  return [...byKey.values()]
}
